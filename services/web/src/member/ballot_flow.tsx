/**
 * A held ballot from the first mark to the promise of the box. The member's phone and the kiosk
 * draw the same; no login is needed for any of it.
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { goTo, place } from '../design/route.ts';
import { Page } from '../design/page.tsx';
import type { Terms } from '../schemas/terms.ts';
import { t } from '../words/words.ts';
import type { HeldBallot } from './ballot_custody.ts';
import type { OpenedTest, Receipt } from './ballot_desk.ts';
import type { BallotHolder } from './ballot_holder.ts';
import { CastingChoice, TestBallot } from './casting_choice.tsx';
import { Marking } from './marking.tsx';
import { ProgramNotice } from './program_notice.tsx';
import { ReceiptCard } from './receipt_view.tsx';
import { Review } from './review.tsx';
import { Refused, Sending } from './sending_view.tsx';

/** Places inside of the flow; the back button goes one step back and loses no mark. */
const REVIEW = '/review';
const CAST = '/cast';
const TEST = '/test';

export interface BallotFlowProps {
  /** Loaded, and at `held`, `casting` or `cast`. */
  holder: BallotHolder;
  /** Council or meeting, shown in the head of the page. */
  where: string;
  /** Shown above the ballot while it is marked. */
  above?: JSX.Element | undefined;
  /** Shown below the ballot, and below the receipt once the box has answered. */
  below?: JSX.Element | undefined;
}

export function BallotFlow(props: BallotFlowProps): JSX.Element | null {
  const { holder, where, below } = props;
  const record = holder.record.value;
  switch (record?.step) {
    case 'held':
      return <HeldFlow {...props} record={record} />;
    case 'casting':
      return record.refusal === undefined ? (
        <Page title={t('cast.sending_title')} where={where}>
          <Sending state={holder.sending.value} />
        </Page>
      ) : (
        <Page title={t('cast.refused_title')} where={where}>
          <Refused record={record} />
          <ReceiptCard record={record} />
          {below}
        </Page>
      );
    case 'cast':
      return (
        <Page title={t('cast.done')} where={where}>
          <p>{t('cast.after')}</p>
          <ReceiptCard record={record} />
          {below}
        </Page>
      );
    default:
      return null;
  }
}

function HeldFlow(props: BallotFlowProps & { record: HeldBallot }): JSX.Element {
  const { holder, where, record } = props;
  const [test, setTest] = useTest();
  useEffect(() => holder.warmUp(), [holder]);
  if (test !== null) return <TestBallot {...test} where={where} onDone={() => setTest(null)} />;
  const { nominations } = JSON.parse(record.terms) as Terms;
  const shared = { where, nominations, marks: record.marks };
  switch (place.value) {
    case CAST:
      return (
        <CastingChoice
          holder={holder}
          where={where}
          onChange={goHome}
          onCast={(receipt) => holder.cast(receipt).then(leaveIfCast(holder))}
          onTest={(opened, receipt) => setTest({ test: opened, receipt })}
        />
      );
    case REVIEW:
      return <Review {...shared} onChange={goHome} onReady={() => goTo(CAST)} />;
    default:
      return (
        <Marking
          {...shared}
          phi={record.phi}
          onMarks={(marks) => holder.setMarks(marks)}
          onReview={() => goTo(REVIEW)}
          above={
            <>
              <ProgramNotice terms={record.terms} />
              {props.above}
            </>
          }
          below={props.below}
        />
      );
  }
}

interface ShownTest {
  test: OpenedTest;
  receipt: Receipt;
}

/** The test on the screen while its place is, and how to show one or to leave it for the marks. */
function useTest(): [ShownTest | null, (test: ShownTest | null) => void] {
  const [test, setTest] = useState<ShownTest | null>(null);
  const isThere = place.value === TEST;
  useEffect(() => {
    // A reload has lost what was shown there: the marks are still here.
    if (isThere && test === null) goHome();
  }, [isThere, test]);
  const show = (next: ShownTest | null) => {
    setTest(next);
    replacePlace(next === null ? '/' : TEST);
  };
  return [isThere ? test : null, show];
}

/** Once cast, nothing of the flow stays in the history. */
function leaveIfCast(holder: BallotHolder): () => void {
  return () => {
    if (holder.record.value?.step !== 'held') replacePlace('/');
  };
}

/** Back to the marks: the browser's own step back, were it not for reloads in between. */
function goHome(): void {
  replacePlace('/');
}

function replacePlace(next: string): void {
  history.replaceState(null, '', next === '/' ? location.pathname : `#${next}`);
  place.value = next;
}
