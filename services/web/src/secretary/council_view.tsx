/** A council: its act, its members with their devices, its meetings and auditors. */
import type { JSX } from 'preact';

import type {
  CouncilView as Council,
  MeetingListView,
  MeetingView,
  MemberView,
} from '../api/types.ts';
import { t } from '../words/words.ts';
import { Auditors } from './auditors.tsx';
import { ConsolePage } from './console_page.tsx';
import { ask } from './console_request.ts';
import { useLoaded, Waiting } from './loaded.tsx';
import { dateText, instantText } from '../design/local_time.ts';
import { councilPlace, meetingPlace } from './places.ts';

/** Members register their phones meanwhile. */
const POLL_MS = 5_000;

interface Everything {
  council: Council;
  meetings: MeetingView[];
}

export function CouncilView({ councilId }: { councilId: string }): JSX.Element {
  const loaded = useLoaded<Everything>(councilId, async () => {
    const [council, { meetings }] = await Promise.all([
      ask<Council>('GET', `/councils/${councilId}`),
      ask<MeetingListView>('GET', '/meetings'),
    ]);
    return { council, meetings: meetings.filter((each) => each.council_id === councilId) };
  }, POLL_MS);
  const title = loaded.value?.council.council.name ?? t('secretary.council');
  return (
    <ConsolePage title={title} above={[]}>
      {loaded.value === null ? (
        <Waiting loaded={loaded} />
      ) : (
        <>
          <Act council={loaded.value.council} />
          <div class="two-columns">
            <Members council={loaded.value.council} />
            <div class="stack">
              <Meetings councilId={councilId} meetings={loaded.value.meetings} />
              <Auditors councilId={councilId} />
            </div>
          </div>
        </>
      )}
    </ConsolePage>
  );
}

function Act({ council }: { council: Council }): JSX.Element | null {
  const { decision, rules } = council.council;
  if (decision === undefined) {
    return rules === undefined ? null : <p class="quiet">{rules}</p>;
  }
  const { number, date, issued_by, about } = decision;
  return (
    <p class="quiet">
      {t('secretary.members_total', { number, date: dateText(date) })}{' '}
      <strong>{council.members.length}</strong>. {issued_by}: {about}. {rules ?? ''}
    </p>
  );
}

function Members({ council }: { council: Council }): JSX.Element {
  const { members, id } = council;
  const enrolled = members.filter((each) => each.enrolled).length;
  return (
    <section class="card">
      <h2>{t('secretary.members')}</h2>
      <p role="status">{t('secretary.enrolled_count', { n: enrolled, total: members.length })}</p>
      <div class="row">
        <a class="button" href={`#${councilPlace(id, 'members')}`}>
          {members.length === 0 ? t('secretary.members_add') : t('secretary.members_edit')}
        </a>
        {members.length === 0 ? null : (
          <a class="button main" href={`#${councilPlace(id, 'invitations')}`}>
            {t('secretary.invite')}
          </a>
        )}
      </div>
      {members.length === 0 ? null : <MembersTable members={members} />}
    </section>
  );
}

function MembersTable({ members }: { members: readonly MemberView[] }): JSX.Element {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={t('secretary.members')}>
      <table>
        <thead>
          <tr>
            <th class="number">{t('secretary.no')}</th>
            <th>{t('secretary.name')}</th>
            <th>{t('secretary.device')}</th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.no}>
              <td class="number">{member.no}</td>
              <td>
                <strong>{member.name}</strong>
                <div class="quiet">
                  {[member.position, member.council_role].filter((each) => each !== '').join(' · ')}
                </div>
              </td>
              <td>{member.enrolled ? t('secretary.enrolled') : t('secretary.not_enrolled')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Meetings(props: { councilId: string; meetings: readonly MeetingView[] }): JSX.Element {
  return (
    <section class="card">
      <h2>{t('secretary.meetings')}</h2>
      {props.meetings.length === 0 ? <p class="quiet">{t('secretary.no_meetings')}</p> : null}
      <ul class="plain-list">
        {props.meetings.map((meeting) => (
          <li key={meeting.id}>
            <a class="list-link" href={`#${meetingPlace(meeting.id)}`}>
              <strong>{meeting.title}</strong>
              <span class="quiet">
                {instantText(meeting.starts_at)}
                {meeting.ended === true ? ` · ${t('secretary.meeting_ended')}` : ''}
              </span>
            </a>
          </li>
        ))}
      </ul>
      <p>
        <a class="button" href={`#${councilPlace(props.councilId, 'meetings/new')}`}>
          {t('secretary.new_meeting')}
        </a>
      </p>
    </section>
  );
}
