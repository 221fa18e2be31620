/** The counting team as the council chose it, then who of it has taken a key. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { CeremonyTrustee, CeremonyView, ElectionView, MemberView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { SelectField, TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { areKeysTaken } from './board_steps.ts';
import { ask } from './console_request.ts';
import {
  conflicts,
  defaultThreshold,
  MAX_TELLERS,
  MIN_TELLERS,
  thresholds,
  toggled,
  withHead,
} from './counting_team.ts';
import type { StepProps } from './meeting_view.tsx';
import { NoBallotYet } from './step_panel.tsx';
import { TeamTable } from './team_table.tsx';
import { oneLine } from './typed_text.ts';

export function TeamStep(props: StepProps): JSX.Element {
  const { election, picture } = props;
  if (election === null) return <NoBallotYet />;
  return (
    <div class="stack">
      {election.offline_program_needed === true ? (
        <Notice kind="caution">
          {t('secretary.offline_program', { n: election.nominations.length })}
        </Notice>
      ) : null}
      {election.state === 'draft' ? (
        <TeamEditor {...props} election={election} />
      ) : (
        <Keys election={election} ceremony={picture.ceremony} />
      )}
    </div>
  );
}

function TeamEditor(props: StepProps & { election: ElectionView }): JSX.Element {
  const { board, picture, election } = props;
  const [team, setTeam] = useState<number[]>([]);
  const [threshold, setThreshold] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  const acting = useAct(() => void board.refresh());
  const { members } = picture.council;
  const onList = conflicts(team, members, election.nominations);
  const needed = thresholds(team.length);
  const chosen = threshold !== null && needed.includes(threshold) ? threshold : undefined;
  const keys = chosen ?? defaultThreshold(team.length);
  const isReady =
    team.length >= MIN_TELLERS &&
    team.length <= MAX_TELLERS &&
    (onList.length === 0 || oneLine(reason) !== '');
  const record = () => acting.run(() => recordTeam(election.uuid, team, keys, oneLine(reason)));
  return (
    <div class="stack">
      <p>{t('secretary.team_explain')}</p>
      <TeamTable
        members={members}
        team={team}
        onToggle={(no) => setTeam(toggled(team, no))}
        onHead={(no) => setTeam(withHead(team, no))}
      />
      {team.length < MIN_TELLERS ? null : (
        <ThresholdField tellers={team.length} keys={keys} onChange={setThreshold} />
      )}
      <Conflicts members={onList} reason={reason} onReason={setReason} />
      <ActError error={acting.error} />
      <div>
        <Button kind="main" busy={acting.isBusy} disabled={!isReady} onClick={record}>
          {t('secretary.tellers_record')}
        </Button>
      </div>
    </div>
  );
}

function ThresholdField(props: {
  tellers: number;
  keys: number;
  onChange: (keys: number) => void;
}): JSX.Element {
  const { tellers, keys, onChange } = props;
  return (
    <SelectField
      label={t('secretary.threshold')}
      hint={t('secretary.threshold_hint')}
      value={String(keys)}
      options={thresholds(tellers).map((each) => ({
        value: String(each),
        label: t('secretary.threshold_of', { k: each, t: tellers }),
      }))}
      onChange={(value) => onChange(Number(value))}
    />
  );
}

/** Tellers who are on the list: another one, or the council's reason. */
function Conflicts(props: {
  members: readonly MemberView[];
  reason: string;
  onReason: (reason: string) => void;
}): JSX.Element | null {
  if (props.members.length === 0) return null;
  return (
    <>
      {props.members.map((member) => (
        <Notice kind="caution" live="status" key={member.no}>
          {t('secretary.tellers_conflict', { name: member.name })}
        </Notice>
      ))}
      <TextField
        label={t('secretary.conflict_reason')}
        value={props.reason}
        maxLength={300}
        onInput={props.onReason}
      />
    </>
  );
}

async function recordTeam(
  uuid: string,
  members: readonly number[],
  trustee_threshold: number,
  reason: string,
): Promise<void> {
  const isSure = await askPerson({
    title: t('secretary.tellers_record'),
    text: t('secretary.team_confirm', { t: members.length, k: trustee_threshold }),
    confirm: t('secretary.tellers_record'),
  });
  if (!isSure) return;
  const conflict = reason === '' ? {} : { conflict_reason: reason };
  const body = { members, trustee_threshold, ...conflict };
  await ask('PUT', `/elections/${uuid}/counting-team`, body);
}

function Keys(props: { election: ElectionView; ceremony: CeremonyView | null }): JSX.Element {
  const { election, ceremony } = props;
  const trustees = ceremony?.trustees ?? [];
  const taken = trustees.filter((each) => each.key).length;
  const reason = election.counting_team?.conflict_reason;
  return (
    <div class="stack">
      <p role="status" class="large">
        {areKeysTaken(ceremony)
          ? t('secretary.keys_done', { k: ceremony?.trustee_threshold ?? 0, t: trustees.length })
          : t('secretary.keys_waiting', { i: taken, t: trustees.length })}
      </p>
      {election.state === 'ceremony' && !areKeysTaken(ceremony) ? (
        <p>{t('secretary.keys_explain')}</p>
      ) : null}
      <ul class="plain-list card">
        {trustees.map((trustee) => (
          <li class="row spread" key={trustee.index}>
            <span>
              <strong>{trustee.name}</strong>
              <br />
              <span class="quiet">
                {t(trustee.index === 1 ? 'secretary.head_teller' : 'secretary.teller')}
              </span>
            </span>
            <span>{keyState(trustee, election)}</span>
          </li>
        ))}
      </ul>
      {reason === undefined ? null : (
        <p class="quiet">
          {t('secretary.conflict_reason')}: {reason}
        </p>
      )}
      {election.state === 'ceremony' ? (
        <p class="quiet">{t('secretary.team_change')}</p>
      ) : null}
    </div>
  );
}

/** How far one teller is, in words of the hall. */
export function keyState(trustee: CeremonyTrustee, election: ElectionView): string {
  if (trustee.confirmation) return t('secretary.key_confirmed');
  if (election.state === 'issuing' && trustee.key) return t('secretary.key_unconfirmed');
  if (trustee.key) return t('secretary.key_taken');
  return t(trustee.certificate ? 'secretary.key_begun' : 'secretary.key_none');
}
