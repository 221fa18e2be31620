/** The announced result: all on one screen where it fits, else pages that turn by themselves. */
import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { Code } from '../design/code.tsx';
import { language, t } from '../words/words.ts';
import { type PagePlan, planPages, type TableHeights } from './hall_pages.ts';
import type { HallOutcome } from './hall_view.ts';
import { OutcomeList, OutcomeTable } from './outcome_table.tsx';
import { PageButtons, usePageTurning } from './page_turning.tsx';
import { PlainElectionCode, type SceneProps } from './scenes.tsx';
import { useMedia } from './window_media.ts';

/** Classes of hall.css, the largest letters first. */
const SIZES = ['size-1', 'size-2', 'size-3', 'size-4', 'size-5'] as const;
/** The letters of a result of many pages: readable at the back of the hall. */
const PAGED_SIZE = 3;
/** Below, nothing is fitted: it scrolls, as pages on a phone do. As in hall.css. */
const ROOMY = '(min-width: 60rem) and (min-height: 34rem)';

/** The outcomes and the codes they belong to. */
export function ResultBoard({ view }: SceneProps): JSX.Element {
  const isRoomy = useMedia(ROOMY);
  const outcomes = view.outcomes ?? [];
  return (
    <>
      {outcomes.length > 0 && isRoomy ? <Pages outcomes={outcomes} /> : null}
      {outcomes.length > 0 && !isRoomy ? <OutcomeList outcomes={outcomes} /> : null}
      <div class="hall-result-codes">
        <PlainElectionCode view={view} />
        <PlainSealCode view={view} />
      </div>
    </>
  );
}

/** The result in a line. Where only what passed is shown, it does not say what did not. */
export function Summary({ view }: SceneProps): JSX.Element {
  const p = (view.outcomes ?? []).filter((outcome) => outcome.passed).length;
  const { issued: a, returned: b, nominations: n } = view;
  const passed =
    view.hall_shows === 'passed' ? t('hall.passed_only', { p }) : t('hall.passed_of', { p, n });
  return (
    <>
      {t('hall.counts', { a, b })} · <strong>{p === 0 ? t('hall.none_passed') : passed}</strong>
    </>
  );
}

function PlainSealCode({ view }: SceneProps): JSX.Element | null {
  if (view.seal_code === undefined) return null;
  return (
    <div class="hall-plain-code">
      <Code name={t('code.seal')} code={view.seal_code} />
    </div>
  );
}

function Pages({ outcomes }: { outcomes: readonly HallOutcome[] }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const measure = useRef<HTMLDivElement>(null);
  const plan = usePlan(outcomes, frame, measure);
  const pages = plan?.pages.length ?? 1;
  const turning = usePageTurning(pages);
  const range = plan?.pages[turning.page];
  const shown = range === undefined ? [] : outcomes.slice(range.from, range.to);
  return (
    <div class="hall-pages">
      <div class="hall-page" ref={frame}>
        <div class="hall-measure" ref={measure} aria-hidden="true" inert>
          <OutcomeTable outcomes={outcomes} />
        </div>
        {plan === null ? null : (
          <div class={SIZES[plan.size]}>
            <OutcomeTable outcomes={shown} />
          </div>
        )}
      </div>
      {pages > 1 ? <PageButtons pages={pages} {...turning} /> : null}
    </div>
  );
}

/** Which rows stand on which page of this window; null until they were drawn once. */
function usePlan(
  outcomes: readonly HallOutcome[],
  frame: RefObject<HTMLDivElement | null>,
  measure: RefObject<HTMLDivElement | null>,
): PagePlan | null {
  const [plan, setPlan] = useState<PagePlan | null>(null);
  useLayoutEffect(() => {
    const [room, drawn] = [frame.current, measure.current];
    if (room === null || drawn === null) return undefined;
    const fit = () => {
      const heights = SIZES.map((size) => {
        drawn.className = `hall-measure ${size}`;
        return heightsOf(drawn);
      });
      setPlan(planPages(heights, room.clientHeight, PAGED_SIZE));
    };
    fit();
    const watcher = new ResizeObserver(fit);
    watcher.observe(room);
    return () => watcher.disconnect();
    // The language changes what the rows say, and so how high they are.
  }, [outcomes, frame, measure, language.value]);
  return plan;
}

function heightsOf(drawn: HTMLElement): TableHeights {
  const height = (row: Element | null) => row?.getBoundingClientRect().height ?? 0;
  const groups = [...drawn.querySelectorAll('tbody')].map((group) => {
    const [head = null, ...rows] = group.querySelectorAll('tr');
    return { head: height(head), rows: rows.map(height) };
  });
  return { columns: height(drawn.querySelector('thead')), groups };
}
