/** The quorum of the whole ballot, and what hardly anybody changes. */
import type { JSX } from 'preact';

import type { GroupName, PresetsView } from '../api/types.ts';
import { CheckField, ChoiceField, SelectField, TextField } from '../design/field.tsx';
import { t } from '../words/words.ts';
import type { ListFault, NominationList } from './nomination_list.ts';

const MIN_BALLOTS = 3;
const MAX_BALLOTS = 500;

interface Props {
  list: NominationList;
  onChange: (list: NominationList) => void;
}

export function QuorumField(
  props: Props & { presets: PresetsView; faults: readonly ListFault[] },
): JSX.Element {
  const { list, presets, faults, onChange } = props;
  const isWrong = faults.some((fault) => fault.place === 'list' && fault.field === 'quorum');
  const isPreset = presets.quorums.some((each) => each.share === list.quorum);
  return (
    <section class="card">
      <h3>{t('secretary.quorum')}</h3>
      <p class="quiet">{t('secretary.quorum_explain')}</p>
      <div class="columns">
        <SelectField
          label={t('secretary.quorum_preset')}
          value={isPreset ? list.quorum : ''}
          options={[
            ...presets.quorums.map((each) => ({
              value: each.share,
              label: `${each.share} · ${each.source}`,
            })),
            { value: '', label: t('secretary.quorum_own') },
          ]}
          onChange={(quorum) => onChange({ ...list, quorum })}
        />
        {isPreset ? null : (
          <TextField
            label={t('secretary.quorum_share')}
            hint={t('secretary.share_hint')}
            error={isWrong ? t('secretary.list_fault_quorum') : undefined}
            value={list.quorum}
            maxLength={12}
            onInput={(quorum) => onChange({ ...list, quorum })}
          />
        )}
      </div>
    </section>
  );
}

/** Fixed with the first saving of the list. */
export function BallotOptions({
  list,
  isDrafted,
  onChange,
}: Props & { isDrafted: boolean }): JSX.Element {
  if (isDrafted) {
    return (
      <p class="quiet">
        {t(list.late_issuance ? 'secretary.late_on' : 'secretary.late_off')}{' '}
        {t('secretary.minimum_is', { min: list.minimum_ballots })}{' '}
        {t(`secretary.group_${groupKey(list.group)}`)}
      </p>
    );
  }
  return (
    <details class="card">
      <summary>{t('secretary.advanced')}</summary>
      <div class="stack">
        <CheckField
          label={t('secretary.late_issuance')}
          checked={list.late_issuance}
          onChange={(late_issuance) => onChange({ ...list, late_issuance })}
        />
        <TextField
          label={t('secretary.minimum_ballots')}
          hint={t('secretary.minimum_ballots_hint')}
          type="number"
          inputMode="numeric"
          value={String(list.minimum_ballots)}
          onInput={(value) =>
            onChange({ ...list, minimum_ballots: minimumOf(value, list.minimum_ballots) })
          }
        />
        <ChoiceField
          legend={t('secretary.group')}
          value={list.group}
          options={(['Ed25519', 'BELENIOS-2048'] satisfies GroupName[]).map((value) => ({
            value,
            label: t(`secretary.group_${groupKey(value)}`),
          }))}
          onChange={(group) => onChange({ ...list, group })}
        />
      </div>
    </details>
  );
}

function groupKey(group: GroupName): 'ed25519' | 'belenios' {
  return group === 'Ed25519' ? 'ed25519' : 'belenios';
}

function minimumOf(typed: string, before: number): number {
  const number = Number(typed);
  if (!Number.isInteger(number) || number > MAX_BALLOTS) return before;
  return number < MIN_BALLOTS ? MIN_BALLOTS : number;
}
