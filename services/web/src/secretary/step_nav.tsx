/** The steps of a ballot as a list of links, each with its state in words. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';

import { t } from '../words/words.ts';
import { type BallotPicture, type StepState, stepStates } from './board_steps.ts';
import { type MeetingPage, meetingPlace, type Step, STEPS } from './places.ts';

const WIDE = matchMedia('(min-width: 60rem)');
const isWide = signal(WIDE.matches);
WIDE.addEventListener('change', () => {
  isWide.value = WIDE.matches;
});

const SIGNS: Readonly<Record<StepState, string>> = { done: '✓', now: '●', later: '' };

interface Props {
  meetingId: string;
  uuid: string | null;
  page: MeetingPage;
  ballot: BallotPicture;
}

/** Beside the open step on a wide screen, folded above it on a narrow one. */
export function StepNav(props: Props): JSX.Element {
  const { page } = props;
  if (isWide.value) {
    return (
      <nav class="steps no-print" aria-label={t('secretary.steps')}>
        <StepList {...props} />
      </nav>
    );
  }
  const index = STEPS.findIndex((step) => step === page);
  return (
    <details class="steps no-print" key={page}>
      <summary>
        {index < 0
          ? t('secretary.step_meeting')
          : t('secretary.step_of', { n: index + 1, of: STEPS.length, name: stepName(page) })}
      </summary>
      <nav aria-label={t('secretary.steps')}>
        <StepList {...props} />
      </nav>
    </details>
  );
}

function StepList({ meetingId, uuid, page, ballot }: Props): JSX.Element {
  const states = stepStates(ballot);
  return (
    <ol class="step-list">
      {STEPS.map((step, index) => (
        <li key={step}>
          <a
            href={`#${meetingPlace(meetingId, uuid, step)}`}
            class={`step ${states[step]}`}
            aria-current={page === step ? 'page' : undefined}
          >
            <span class="step-number" aria-hidden="true">
              {SIGNS[states[step]] || index + 1}
            </span>
            <span>
              {stepName(step)}
              {states[step] === 'later' ? null : (
                <span class="step-state">{t(`secretary.step_state_${states[step]}`)}</span>
              )}
            </span>
          </a>
        </li>
      ))}
      <li>
        <a
          href={`#${meetingPlace(meetingId, uuid, 'meeting')}`}
          class="step"
          aria-current={page === 'meeting' ? 'page' : undefined}
        >
          <span class="step-number" aria-hidden="true">
            ⚙
          </span>
          <span>{t('secretary.step_meeting')}</span>
        </a>
      </li>
    </ol>
  );
}

/** When the ballot has gone on: the way to where the next act is. */
export function NextStep(props: {
  meetingId: string;
  uuid: string | null;
  page: MeetingPage;
  now: Step;
}): JSX.Element | null {
  const { meetingId, uuid, page } = props;
  const index = STEPS.findIndex((step) => step === page);
  if (index < 0 || STEPS.indexOf(props.now) <= index) return null;
  // Nobody skips the result on the way to the papers.
  const next = page !== 'result' && props.now === 'papers' ? 'result' : props.now;
  return (
    <p class="no-print">
      <a class="button main" href={`#${meetingPlace(meetingId, uuid, next)}`}>
        {t('secretary.step_next', { name: stepName(next) })}
      </a>
    </p>
  );
}

export function stepName(page: MeetingPage): string {
  return t(`secretary.step_${page}`);
}
