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
  /** Shown below the ballot, and below the receipt once it is in the box. */
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
  const [test, setTest] = useState<{ test: OpenedTest; receipt: Receipt } | null>(null);
  const { terms } = record;
  const { nominations } = JSON.parse(terms) as Terms;
  const at = place.value;
  useEffect(() => holder.warmUp(), [holder]);
  useEffect(() => {
    // A reload has lost what was shown there: the marks are still here.
    if (at === TEST && test === null) goHome();
  }, [at, test]);
  if (at === TEST && test !== null) {
    const done = () => {
      setTest(null);
      goHome();
    };
    return <TestBallot {...test} where={where} onDone={done} />;
  }
  if (at === CAST) {
    return (
      <CastingChoice
        holder={holder}
        where={where}
        onChange={goHome}
        onCast={(receipt) => void holder.cast(receipt).then(leaveIfCast(holder))}
        onTest={(opened, receipt) => {
          setTest({ test: opened, receipt });
          replacePlace(TEST);
        }}
      />
    );
  }
  const shared = { where, nominations, marks: record.marks };
  if (at === REVIEW) {
    return <Review {...shared} onChange={goHome} onReady={() => goTo(CAST)} />;
  }
  return (
    <Marking
      {...shared}
      phi={record.phi}
      onMarks={(marks) => holder.setMarks(marks)}
      onReview={() => goTo(REVIEW)}
      above={
        <>
          <ProgramNotice terms={terms} />
          {props.above}
        </>
      }
      below={props.below}
    />
  );
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
