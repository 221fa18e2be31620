/** What the input says it is about: meeting, numbers, outcomes; as recorded. */
import type { JSX } from 'preact';

import { Notice } from '../design/notice.tsx';
import type { Subject, SubjectCase } from '../verifier/subject.ts';
import { language, t } from '../words/words.ts';

/** The meeting and its numbers. */
export function SubjectView({ subject }: { subject: Subject }): JSX.Element {
  const { council, meeting, counts, cancelled } = subject;
  return (
    <section class="card">
      <h2>{t('verify.subject_title')}</h2>
      <dl class="facts">
        <Fact name={t('verify.subject_council')} value={council} />
        {meeting === null ? null : (
          <>
            <Fact name={t('verify.subject_meeting')} value={meeting.title} />
            <Fact
              name={t('verify.subject_time')}
              value={`${timeText(meeting.startsAt)}, ${meeting.venue}`}
            />
          </>
        )}
        {counts === null ? null : (
          <>
            <Fact name={t('verify.subject_members')} value={String(counts.members)} />
            <Fact name={t('verify.subject_issued')} value={String(counts.issued)} />
            <Fact name={t('verify.subject_returned')} value={String(counts.returned)} />
          </>
        )}
      </dl>
      {cancelled === null ? null : <p>{t('verify.subject_cancelled', { text: cancelled })}</p>}
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt class="quiet">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The cases of a record. */
export interface CaseTableProps {
  cases: readonly SubjectCase[];
  /** Whether no check fails. */
  ok: boolean;
}

/** The figures of every case as recorded. */
export function CaseTable({ cases, ok }: CaseTableProps): JSX.Element | null {
  if (!cases.some(({ outcome }) => outcome !== null)) return null;
  return (
    <section class="card">
      <h2>{t('verify.subject_cases')}</h2>
      {ok ? null : <Notice kind="caution">{t('verify.subject_caution')}</Notice>}
      <div class="table-frame" role="region" aria-label={t('verify.subject_cases')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('verify.column_no')}</th>
              <th scope="col">{t('verify.column_case')}</th>
              <th scope="col">{t('outcome.agree')}</th>
              <th scope="col">{t('outcome.disagree')}</th>
              <th scope="col">{t('outcome.blank')}</th>
              <th scope="col">{t('outcome.share')}</th>
              <th scope="col">{t('outcome.result')}</th>
            </tr>
          </thead>
          <tbody>
            {cases.flatMap(({ no, name, award, outcome }) =>
              outcome === null
                ? []
                : [
                    <tr key={no}>
                      <td class="number">{no}</td>
                      <td>
                        {name}
                        <br />
                        <span class="quiet">{award}</span>
                      </td>
                      <td class="number">{outcome.agree}</td>
                      <td class="number">{outcome.disagree}</td>
                      <td class="number">{outcome.blank}</td>
                      <td class="number">{outcome.share_percent}</td>
                      <td class="nowrap">
                        {t(outcome.passed ? 'outcome.passed' : 'outcome.not_passed')}
                      </td>
                    </tr>,
                  ],
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The time as it was at the meeting, whatever zone the reader is in. */
function timeText(instant: string): string {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(instant) ?? [];
  if (time === undefined) return instant;
  return language.value === 'vi'
    ? `${time} ngày ${day}/${month}/${year}`
    : `${year}-${month}-${day} ${time}`;
}
