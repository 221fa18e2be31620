/** The outcomes as the head teller has announced them. */
import type { JSX } from 'preact';

import type { ElectionView, OutcomeView, ResultView } from '../api/types.ts';
import { t } from '../words/words.ts';

/** Every case by award: passed or not, and its figures. */
export function Outcomes(props: { election: ElectionView; result: ResultView }): JSX.Element {
  const { election, result } = props;
  const outcomes = new Map(result.outcomes.map((outcome) => [outcome.no, outcome]));
  const awards = [...new Set(election.nominations.map(({ award }) => award))];
  return (
    <section class="stack" aria-label={t('result.title')}>
      <h2>{t('result.title')}</h2>
      <p>{t('result.counts', { a: result.issued, b: result.returned })}</p>
      {awards.map((award) => (
        <div class="stack tight" key={award}>
          <h3>{award}</h3>
          <ul class="rows">
            {election.nominations
              .filter((nomination) => nomination.award === award)
              .map((nomination) => (
                <li key={nomination.no}>
                  <span>
                    {nomination.no}. {nomination.name}
                  </span>
                  <Figures outcome={outcomes.get(nomination.no)} />
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Figures({ outcome }: { outcome: OutcomeView | undefined }): JSX.Element | null {
  if (outcome === undefined) return null;
  const { agree, disagree, blank, share_percent: share } = outcome;
  return (
    <>
      <span class="verdict">{t(outcome.passed ? 'outcome.passed' : 'outcome.not_passed')}</span>
      <span class="line">
        {t('result.line', { agree, disagree, blank, share })
          .split(' · ')
          .map((part, place) => (
            <span key={part}>
              {place === 0 ? '' : ' · '}
              <span class="nowrap">{part}</span>
            </span>
          ))}
      </span>
      <span class="line">
        {t('result.needed', { needed: outcome.votes_needed, base: outcome.base })}
      </span>
    </>
  );
}
