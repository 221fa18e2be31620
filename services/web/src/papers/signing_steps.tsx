/** Who signs where and in which order, each with a symbol and a word. */
import type { JSX } from 'preact';

import type { PaperView } from '../api/types.ts';
import { t } from '../words/words.ts';
import { signerName } from './signer_name.ts';
import { type SigningStep, signingSteps, type StepState } from './signing_order.ts';

const SYMBOLS: Readonly<Record<StepState, string>> = {
  done: '✓',
  waiting: '…',
  now: '→',
  later: '○',
};

export function SigningSteps(props: {
  paper: PaperView;
  names: ReadonlyMap<number, string>;
}): JSX.Element {
  const { paper, names } = props;
  const isOrdered = paper.kind === 'meeting';
  const steps = signingSteps(paper).map((step) => (
    <li key={step.kind === 'number' ? 'number' : step.field.name}>
      <span aria-hidden="true">{SYMBOLS[step.state]}</span>
      <span class={step.state === 'now' ? 'step-now' : undefined}>{stepText(step, names)}</span>
      <Certificate step={step} />
    </li>
  ));
  return (
    <div class="stack tight">
      <span class="legend">{t(isOrdered ? 'papers.order' : 'papers.order_tellers')}</span>
      {isOrdered ? (
        <ol class="paper-steps">{steps}</ol>
      ) : (
        <ul class="paper-steps">{steps}</ul>
      )}
    </div>
  );
}

function stepText(step: SigningStep, names: ReadonlyMap<number, string>): string {
  if (step.kind === 'number') {
    const word = step.state === 'done' ? 'papers.step_number_done' : `papers.step_${step.state}`;
    return t('papers.step_number', { state: t(word as 'papers.step_now') });
  }
  const { field, state } = step;
  return t('papers.step', {
    name: signerName(field, names),
    role: field.role,
    state: t(`papers.step_${state}`),
  });
}

/** By what certificate a field was signed. */
function Certificate({ step }: { step: SigningStep }): JSX.Element | null {
  const signer = step.kind === 'signature' && step.state === 'done' ? step.field.signer : null;
  if (signer === null || signer === undefined) return null;
  return (
    <span class="step-certificate quiet">
      {t('papers.certificate_line', { subject: signer.subject })}
    </span>
  );
}
