/** Inviting members: one tap each or all at once; slips and letters on paper. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type {
  CouncilView,
  InvitationView,
  MeetingListView,
  MeetingView,
  MemberView,
} from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { SelectField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ConsolePage } from './console_page.tsx';
import { ask } from './console_request.ts';
import { InvitationLink } from './invitation_link.tsx';
import { useLoaded, Waiting } from './loaded.tsx';
import { councilPlace } from './places.ts';
import { Letters, SlipSheets } from './printed_invitations.tsx';
import { isUsed, type MadeInvitation, slipsOf } from './slips.ts';

const POLL_MS = 5_000;

/** Links made at this console since it was opened: the service keeps only what proves them. */
const made = signal<ReadonlyMap<string, ReadonlyMap<number, MadeInvitation>>>(new Map());

interface Everything {
  council: CouncilView;
  meetings: MeetingView[];
}

export function InvitationsView({ councilId }: { councilId: string }): JSX.Element {
  const loaded = useLoaded<Everything>(councilId, async () => {
    const [council, { meetings }] = await Promise.all([
      ask<CouncilView>('GET', `/councils/${councilId}`),
      ask<MeetingListView>('GET', '/meetings'),
    ]);
    const open = meetings.filter((each) => each.council_id === councilId && each.ended !== true);
    return { council, meetings: open };
  }, POLL_MS);
  const name = loaded.value?.council.council.name ?? t('secretary.council');
  return (
    <ConsolePage
      title={t('secretary.invitations')}
      above={[{ label: name, place: councilPlace(councilId) }]}
    >
      {loaded.value === null ? (
        <Waiting loaded={loaded} />
      ) : (
        <Invitations {...loaded.value} reload={loaded.reload} />
      )}
    </ConsolePage>
  );
}

function Invitations(props: Everything & { reload: () => void }): JSX.Element {
  const { council, meetings, reload } = props;
  const acting = useAct(reload);
  const [shown, setShown] = useState<number | null>(null);
  const invitations = made.value.get(council.id) ?? new Map<number, MadeInvitation>();
  const unused = slipsOf(council.members, invitations).length;
  const missing = council.members.filter((each) => !each.enrolled);
  const inviteOne = (member: MemberView) =>
    acting.run(async () => {
      if (member.enrolled && !(await isSure(member.name))) return;
      await invite(council.id, member);
      setShown(member.no);
    });
  const inviteAll = () =>
    acting.run(async () => {
      for (const member of missing) await invite(council.id, member);
      setShown(null);
    });
  return (
    <>
      <div class="stack no-print">
        <p>{t('secretary.invitations_explain')}</p>
        <ActError error={acting.error} />
        <div class="row">
          <Button
            kind={unused === 0 ? 'main' : 'normal'}
            busy={acting.isBusy}
            disabled={missing.length === 0}
            onClick={inviteAll}
          >
            {t('secretary.invite_all', { n: missing.length })}
          </Button>
        </div>
        {unused === 0 ? null : (
          <Notice live="status">{t('secretary.invitations_once', { n: unused })}</Notice>
        )}
        <MemberList
          members={council.members}
          invitations={invitations}
          shown={shown}
          onShow={setShown}
          onInvite={inviteOne}
          isBusy={acting.isBusy}
        />
      </div>
      <PrintPanel council={council} meetings={meetings} invitations={invitations} />
    </>
  );
}

function MemberList(props: {
  members: readonly MemberView[];
  invitations: ReadonlyMap<number, MadeInvitation>;
  shown: number | null;
  onShow: (no: number | null) => void;
  onInvite: (member: MemberView) => void;
  isBusy: boolean;
}): JSX.Element {
  return (
    <ul class="plain-list card">
      {props.members.map((member) => {
        const known = props.invitations.get(member.no);
        const invitation = known === undefined || isUsed(member, known) ? undefined : known;
        const isShown = props.shown === member.no;
        return (
          <li key={member.no}>
            <div class="row spread">
              <span>
                <strong>
                  {member.no}. {member.name}
                </strong>
                <br />
                <span class="quiet">{stateText(member, invitation)}</span>
              </span>
              <span class="row">
                {invitation === undefined ? null : (
                  <Button
                    pressed={isShown}
                    label={`${t(isShown ? 'app.hide_qr' : 'app.show_qr')}: ${member.name}`}
                    onClick={() => props.onShow(isShown ? null : member.no)}
                  >
                    {isShown ? t('app.hide_qr') : t('app.show_qr')}
                  </Button>
                )}
                <InviteButton member={member} invitation={invitation} {...props} />
              </span>
            </div>
            {isShown && invitation !== undefined ? (
              <InvitationLink name={member.name} invitation={invitation} />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

function InviteButton(props: {
  member: MemberView;
  invitation: InvitationView | undefined;
  onInvite: (member: MemberView) => void;
  isBusy: boolean;
}): JSX.Element {
  const { member } = props;
  const isAgain = member.enrolled || props.invitation !== undefined;
  return (
    <Button
      busy={props.isBusy}
      label={t(isAgain ? 'secretary.reinvite_name' : 'secretary.invite_name', {
        name: member.name,
      })}
      onClick={() => props.onInvite(member)}
    >
      {t(isAgain ? 'secretary.reinvite' : 'secretary.invite_one')}
    </Button>
  );
}

type Printed = 'slips' | 'letters';

function PrintPanel(props: {
  council: CouncilView;
  meetings: readonly MeetingView[];
  invitations: ReadonlyMap<number, MadeInvitation>;
}): JSX.Element | null {
  const { council, meetings, invitations } = props;
  const [kind, setKind] = useState<Printed>('slips');
  const [meetingId, setMeetingId] = useState(meetings[0]?.id ?? '');
  const slips = slipsOf(council.members, invitations);
  if (slips.length === 0) return null;
  const meeting = meetings.find((each) => each.id === meetingId) ?? null;
  return (
    <>
      <section class="card no-print">
        <h2>{t('secretary.print')}</h2>
        <div class="columns">
          <SelectField
            label={t('secretary.print_kind')}
            value={kind}
            options={[
              { value: 'slips', label: t('secretary.print_slips') },
              { value: 'letters', label: t('secretary.print_letters') },
            ]}
            onChange={setKind}
          />
          <SelectField
            label={t('secretary.print_meeting')}
            value={meetingId}
            options={[
              ...meetings.map((each) => ({ value: each.id, label: each.title })),
              { value: '', label: t('secretary.print_no_meeting') },
            ]}
            onChange={setMeetingId}
          />
        </div>
        <div>
          <Button kind="main" onClick={() => print()}>
            {t('secretary.print_button', { n: slips.length })}
          </Button>
        </div>
      </section>
      {kind === 'slips' ? (
        <SlipSheets council={council} meeting={meeting} slips={slips} />
      ) : (
        <Letters council={council} meeting={meeting} slips={slips} />
      )}
    </>
  );
}

async function invite(councilId: string, { no, enrolled }: MemberView): Promise<void> {
  const path = `/councils/${councilId}/members/${no}/invitation`;
  const answer = await ask<InvitationView>('POST', path, {});
  const invitation: MadeInvitation = { ...answer, wasEnrolled: enrolled };
  const before = made.value.get(councilId) ?? new Map<number, MadeInvitation>();
  const ours = new Map([...before, [no, invitation] as const]);
  made.value = new Map([...made.value, [councilId, ours] as const]);
}

function isSure(name: string): Promise<boolean> {
  return askPerson({
    title: t('secretary.reinvite'),
    text: t('secretary.reinvite_confirm', { name }),
    confirm: t('secretary.reinvite'),
  });
}

function stateText(member: MemberView, invitation: InvitationView | undefined): string {
  if (member.enrolled) return t('secretary.enrolled');
  return t(invitation === undefined ? 'secretary.not_enrolled' : 'secretary.invited');
}
