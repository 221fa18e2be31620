/** Announced outcomes: a table for a projector, a list for a phone. */
import type { JSX } from 'preact';

import { t } from '../words/words.ts';
import { type AwardGroup, groupOutcomes } from './hall_scene.ts';
import type { HallOutcome } from './hall_view.ts';

const COLUMNS = 7;

export interface OutcomesProps {
  outcomes: readonly HallOutcome[];
}

export function OutcomeTable({ outcomes }: OutcomesProps): JSX.Element {
  return (
    <table class="hall-table">
      <thead>
        <tr>
          <th scope="col" class="number">
            {t('hall.number')}
          </th>
          <th scope="col" class="hall-case">
            {t('hall.case')}
          </th>
          <th scope="col" class="number">
            {t('outcome.agree')}
          </th>
          <th scope="col" class="number">
            {t('outcome.disagree')}
          </th>
          <th scope="col" class="number">
            {t('outcome.blank')}
          </th>
          <th scope="col" class="number">
            {t('outcome.share')}
          </th>
          <th scope="col" class="hall-verdict">
            {t('outcome.result')}
          </th>
        </tr>
      </thead>
      {groupOutcomes(outcomes).map((group) => (
        <tbody key={group.outcomes[0]?.no}>
          <tr>
            <th colSpan={COLUMNS} scope="rowgroup" class="hall-award">
              <Award group={group} />
            </th>
          </tr>
          {group.outcomes.map((outcome) => (
            <OutcomeRow key={outcome.no} outcome={outcome} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function OutcomeRow({ outcome }: { outcome: HallOutcome }): JSX.Element {
  return (
    <tr>
      <td class="number">{outcome.no}</td>
      <th scope="row" class="hall-case">
        <Case outcome={outcome} />
      </th>
      <td class="number">{outcome.agree}</td>
      <td class="number">{outcome.disagree}</td>
      <td class="number">{outcome.blank}</td>
      <td class="number">{outcome.share_percent}</td>
      <td class="hall-verdict">
        <Verdict outcome={outcome} />
      </td>
    </tr>
  );
}

export function OutcomeList({ outcomes }: OutcomesProps): JSX.Element {
  return (
    <>
      {groupOutcomes(outcomes).map((group) => (
        <section class="stack tight" key={group.outcomes[0]?.no}>
          <h2 class="hall-award">
            <Award group={group} />
          </h2>
          <ul class="hall-list">
            {group.outcomes.map((outcome) => (
              <OutcomeItem key={outcome.no} outcome={outcome} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function OutcomeItem({ outcome }: { outcome: HallOutcome }): JSX.Element {
  const figures = [
    [t('outcome.agree'), outcome.agree],
    [t('outcome.disagree'), outcome.disagree],
    [t('outcome.blank'), outcome.blank],
    [t('outcome.share'), outcome.share_percent],
  ] as const;
  return (
    <li class="card">
      <p>
        {outcome.no}. <Case outcome={outcome} />
      </p>
      <dl class="hall-item-figures">
        {figures.map(([name, figure]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <p>
        <Verdict outcome={outcome} />
      </p>
    </li>
  );
}

function Award({ group }: { group: AwardGroup }): JSX.Element {
  const { award, votesNeeded: needed, base } = group;
  return (
    <>
      {award}: <span class="hall-needed">{t('hall.needed', { needed, base })}</span>
    </>
  );
}

function Case({ outcome: { name, unit } }: { outcome: HallOutcome }): JSX.Element {
  return (
    <>
      <strong>{name}</strong>
      {unit === undefined || unit === '' ? null : <span class="hall-unit">, {unit}</span>}
    </>
  );
}

/** With a symbol of its own, so that it is read from afar; no colour says it. */
function Verdict({ outcome }: { outcome: HallOutcome }): JSX.Element {
  return (
    <strong>
      <span aria-hidden="true">{outcome.passed ? '✓ ' : '– '}</span>
      {t(outcome.passed ? 'outcome.passed' : 'outcome.not_passed')}
    </strong>
  );
}
