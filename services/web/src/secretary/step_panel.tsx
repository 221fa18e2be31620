/** The open step, under a heading that gets the focus when another one is opened. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { t } from '../words/words.ts';
import { AttendanceStep } from './attendance_step.tsx';
import { CloseStep } from './close_step.tsx';
import { IssueStep } from './issue_step.tsx';
import { ListStep } from './list_step.tsx';
import { MeetingStep } from './meeting_step.tsx';
import type { StepProps } from './meeting_view.tsx';
import { PapersStep } from './papers_step.tsx';
import type { MeetingPage } from './places.ts';
import { ResultStep } from './result_step.tsx';
import { StartStep } from './start_step.tsx';
import { stepName } from './step_nav.tsx';
import { TeamStep } from './team_step.tsx';

const STEP_VIEWS = {
  list: ListStep,
  attendance: AttendanceStep,
  team: TeamStep,
  issue: IssueStep,
  start: StartStep,
  close: CloseStep,
  result: ResultStep,
  papers: PapersStep,
  meeting: MeetingStep,
} as const;

export function StepPanel({ page, ...props }: StepProps & { page: MeetingPage }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const isShownBefore = useRef(false);
  useEffect(() => {
    if (isShownBefore.current) heading.current?.focus();
    isShownBefore.current = true;
  }, [page]);
  const StepView = STEP_VIEWS[page];
  return (
    <section class="stack" aria-labelledby="step-heading">
      <h2 id="step-heading" ref={heading} tabIndex={-1}>
        {stepName(page)}
      </h2>
      <StepView {...props} />
    </section>
  );
}

/** For steps that have no ballot yet. */
export function NoBallotYet(): JSX.Element {
  return <p class="quiet">{t('secretary.list_first')}</p>;
}
