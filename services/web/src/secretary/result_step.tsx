/** The outcomes once the head teller has announced them, and a second ballot for some of them. */
import type { JSX } from 'preact';

import { Notice } from '../design/notice.tsx';
import { sharePercent } from '../schemas/rules.ts';
import { t } from '../words/words.ts';
import type { StepProps } from './meeting_view.tsx';
import { officerName } from './officers.ts';
import { outcomeGroups, type OutcomeRow } from './outcomes.ts';
import { markText } from './rule_text.ts';
import { SecondBallot } from './second_ballot.tsx';
import { NoBallotYet } from './step_panel.tsx';

export function ResultStep(props: StepProps): JSX.Element {
  const { picture, election } = props;
  if (election === null) return <NoBallotYet />;
  if (election.state !== 'counted' && election.state !== 'minuted') {
    return <p class="quiet">{t('secretary.result_later')}</p>;
  }
  if (!election.announced || election.result === undefined) {
    return (
      <Notice live="status">
        {t('secretary.result_not_announced', {
          name: officerName(picture, election, 'head_teller'),
        })}
      </Notice>
    );
  }
  return (
    <div class="stack">
      <p class="large">
        {t('officer.counts', { a: election.result.issued, b: election.result.returned })}
      </p>
      {outcomeGroups(election).map(({ award, rule, rows }) => (
        <section class="card" key={`${award} ${rows[0]?.no ?? 0}`}>
          <h3>{award}</h3>
          <p class="quiet">{markText(rule, rows[0]?.votes_needed, rows[0]?.base)}</p>
          <OutcomeTable rows={rows} award={award} />
        </section>
      ))}
      <SecondBallot {...props} election={election} />
    </div>
  );
}

function OutcomeTable({ rows, award }: { rows: OutcomeRow[]; award: string }): JSX.Element {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={award}>
      <table>
        <thead>
          <tr>
            <th class="number">{t('secretary.no')}</th>
            <th>{t('secretary.case_name')}</th>
            <th class="number">{t('outcome.agree')}</th>
            <th class="number">{t('outcome.disagree')}</th>
            <th class="number">{t('outcome.blank')}</th>
            <th class="number">{t('outcome.share')}</th>
            <th>{t('outcome.result')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.no}>
              <td class="number">{row.no}</td>
              <td>
                {row.name}
                {row.unit === '' ? null : <div class="quiet">{row.unit}</div>}
              </td>
              <td class="number">{row.agree}</td>
              <td class="number">{row.disagree}</td>
              <td class="number">{row.blank}</td>
              <td class="number">{sharePercent(row.agree, row.base)}</td>
              <td>
                <strong>{t(row.passed ? 'outcome.passed' : 'outcome.not_passed')}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
