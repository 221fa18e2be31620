/** Who is here and how, with the quorum; follows the members' own check-ins. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import type { AttendanceState, MemberAttendanceView, MemberView } from '../api/types.ts';
import { type Key, t } from '../words/words.ts';
import { ActError } from './act.tsx';
import { attendanceBody } from './attendance_body.ts';
import { quorumOf } from './board_steps.ts';
import { CommittedInput } from './committed_input.tsx';
import { ask } from './console_request.ts';
import { LatestWriter } from './latest_writer.ts';
import { instantOnDay, timeOfInstant } from '../design/local_time.ts';
import type { StepProps } from './meeting_view.tsx';
import { SHORT_TEXT } from './typed_text.ts';
import { Warnings } from './warnings.tsx';

const STATES: readonly AttendanceState[] = ['present', 'online', 'absent_consulted', 'absent'];

export function AttendanceStep({ board, picture, election }: StepProps): JSX.Element {
  const { attendance, council, meeting } = picture;
  const byNumber = new Map(attendance.members.map((each) => [each.no, each]));
  return (
    <div class="stack">
      <p>{t('secretary.attendance_explain')}</p>
      <QuorumMeter picture={picture} board={board} election={election} />
      <Warnings election={election} />
      <ul class="plain-list card">
        {council.members.map((member) => (
          <AttendanceRow
            key={member.no}
            member={member}
            attendance={byNumber.get(member.no) ?? { no: member.no, state: 'absent' }}
            meetingId={meeting.id}
            day={meeting.starts_at}
            onChanged={() => board.refresh()}
          />
        ))}
      </ul>
    </div>
  );
}

/** `quorum.met` or `quorum.missing`, as a bar and in words. */
export function QuorumMeter({ picture, election }: StepProps): JSX.Element {
  const { attendance, ceremony } = picture;
  const quorum = quorumOf({ election, attendance, ceremony });
  const counts = t('secretary.attendance_counts', {
    present: attendance.present,
    online: attendance.online,
    consulted: attendance.absent_consulted,
    absent: attendance.absent,
  });
  if (quorum === null) {
    return (
      <section class="card">
        <p>{counts}</p>
        <p class="quiet">{t('secretary.quorum_after_list')}</p>
      </section>
    );
  }
  const { here, members, needed, isMet } = quorum;
  return (
    <section class="card">
      <p class="large" role="status">
        <strong>
          {isMet
            ? t('secretary.quorum_met', { n: here, of: members, q: needed })
            : t('secretary.quorum_missing', { n: here, of: members, k: needed - here })}
        </strong>
      </p>
      <progress max={members} value={here} aria-label={t('secretary.quorum')} />
      <p class="quiet">{counts}</p>
    </section>
  );
}

interface RowProps {
  member: MemberView;
  attendance: MemberAttendanceView;
  meetingId: string;
  day: string;
  onChanged: () => Promise<void>;
}

interface NotedAttendance {
  attendance: MemberAttendanceView;
  error: unknown;
  change: (changed: Partial<MemberAttendanceView>) => void;
}

/** What was noted here until the service says it too, else what the service says. */
function useAttendance(props: RowProps): NotedAttendance {
  const { member, meetingId, onChanged } = props;
  const [noted, setNoted] = useState<MemberAttendanceView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const path = `/meetings/${meetingId}/members/${member.no}/attendance`;
  const writer = useMemo(
    () =>
      new LatestWriter<MemberAttendanceView>(
        (wanted) => ask('PUT', path, attendanceBody(wanted)),
        (failure) => {
          setError(failure);
          void onChanged().then(() => setNoted(null));
        },
      ),
    [path],
  );
  const attendance = noted ?? props.attendance;
  const change = (changed: Partial<MemberAttendanceView>) => {
    setNoted({ ...attendance, ...changed });
    writer.write({ ...attendance, ...changed });
  };
  return { attendance, error, change };
}

function AttendanceRow(props: RowProps): JSX.Element {
  const { member } = props;
  const { attendance, error, change } = useAttendance(props);
  return (
    <li class="attendance-row">
      <div>
        <strong>
          {member.no}. {member.name}
        </strong>
        <div class="quiet">{member.position}</div>
        {member.enrolled ? null : <div class="quiet">{t('secretary.not_enrolled')}</div>}
      </div>
      <div class="stack tight">
        <select
          aria-label={t('secretary.attendance_of', { name: member.name })}
          value={attendance.state}
          onChange={(event) => change({ state: event.currentTarget.value as AttendanceState })}
        >
          {STATES.map((state) => (
            <option key={state} value={state}>
              {t(`attendance.${state}` satisfies Key)}
            </option>
          ))}
        </select>
        <Details {...props} attendance={attendance} change={change} />
        <ActError error={error} />
      </div>
    </li>
  );
}

function Details(
  props: RowProps & { change: (changed: Partial<MemberAttendanceView>) => void },
): JSX.Element {
  const { member, attendance, day, change } = props;
  if (attendance.state === 'present' || attendance.state === 'online') {
    const times = [
      ['arrived_at', t('secretary.arrived_at')],
      ['left_at', t('secretary.left_at')],
    ] as const;
    return (
      <div class="row">
        {times.map(([field, label]) => (
          <label class="inline-field" key={field}>
            <span>{label}</span>
            <CommittedInput
              type="time"
              label={`${label}, ${member.name}`}
              value={timeOfInstant(attendance[field])}
              onCommit={(time) => change({ [field]: instantOnDay(day, time) ?? '' })}
            />
          </label>
        ))}
      </div>
    );
  }
  return (
    <label class="inline-field long">
      <span>{t('secretary.absence_reason')}</span>
      <CommittedInput
        label={t('secretary.absence_reason_of', { name: member.name })}
        value={attendance.reason ?? ''}
        maxLength={SHORT_TEXT}
        onCommit={(reason) => change({ reason })}
      />
    </label>
  );
}
