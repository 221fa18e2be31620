/**
 * In which order a paper is signed, and whose turn it is.
 *
 * A counting minute: the tellers in any order. A meeting's minute: the secretary, the presiding
 * officer, then number and day, then the agency's seal. The service enforces it; the pages show it.
 */
import type { PaperFieldView, PaperView } from '../api/types.ts';

const NUMBER_AFTER = 'presiding';
const AGENCY = 'agency';

/** `waiting`: signed, and the secretary has not yet said whose certificate it is. */
export type StepState = 'done' | 'waiting' | 'now' | 'later';

export type SigningStep =
  | { kind: 'signature'; field: PaperFieldView; state: StepState }
  | { kind: 'number'; state: StepState };

export function hasNumber(paper: PaperView): boolean {
  return (paper.number ?? null) !== null;
}

/** All steps in their order; of a replaced paper none is `now`. */
export function signingSteps(paper: PaperView): SigningStep[] {
  const steps: SigningStep[] = [];
  // Tellers wait for nobody; in the meeting's minute each waits for all before. What waits for the
  // secretary holds up all others: the next signature is over the file with this one in it.
  let isReached =
    paper.state !== 'replaced' && !isSignedByHand(paper) && fieldsWaiting(paper).length === 0;
  for (const field of inOrder(paper)) {
    const state = stateOfField(field, isReached);
    steps.push({ kind: 'signature', field, state });
    if (paper.kind === 'meeting') isReached = isReached && state === 'done';
    if (paper.kind === 'meeting' && field.name === NUMBER_AFTER) {
      const isGiven = hasNumber(paper);
      steps.push({ kind: 'number', state: isGiven ? 'done' : isReached ? 'now' : 'later' });
      isReached = isReached && isGiven;
    }
  }
  return steps;
}

/** The agency stands last, wherever its place is in the file. */
function inOrder(paper: PaperView): PaperFieldView[] {
  const isAgency = (field: PaperFieldView) => field.name === AGENCY;
  return [
    ...paper.fields.filter((field) => !isAgency(field)),
    ...paper.fields.filter(isAgency),
  ];
}

function stateOfField(field: PaperFieldView, isReached: boolean): StepState {
  if (field.signed) return 'done';
  if ((field.waiting ?? null) !== null) return 'waiting';
  return isReached ? 'now' : 'later';
}

/** The empty fields that may be signed now. */
export function fieldsDue(paper: PaperView): PaperFieldView[] {
  return signingSteps(paper).flatMap((step) =>
    step.kind === 'signature' && step.state === 'now' ? [step.field] : [],
  );
}

/** The signatures that the secretary has to confirm or refuse. */
export function fieldsWaiting(paper: PaperView): PaperFieldView[] {
  return paper.fields.filter((field) => !field.signed && (field.waiting ?? null) !== null);
}

/** Whether number and day can be written now. */
export function isNumberDue(paper: PaperView): boolean {
  return signingSteps(paper).some((step) => step.kind === 'number' && step.state === 'now');
}

/** The field that `member` may sign now; the desk (null) brings everybody's, so it has none. */
export function ownFieldDue(paper: PaperView, member: number | null): PaperFieldView | null {
  if (member === null) return null;
  return fieldsDue(paper).find((field) => field.member === member) ?? null;
}

/** What waits for `member` stands first, else the order stays. */
export function ownFirst(papers: readonly PaperView[], member: number | null): PaperView[] {
  const isOwn = (paper: PaperView) => ownFieldDue(paper, member) !== null;
  return [...papers.filter(isOwn), ...papers.filter((paper) => !isOwn(paper))];
}

/** Whether the paper stands as signed on paper, by a scan that is kept beside it. */
export function isSignedByHand(paper: PaperView): boolean {
  return (paper.hand_signed ?? null) !== null;
}

/** Whether a scan is of use: nobody has signed with a certificate, or it stands on one already. */
export function mayBeSignedByHand(paper: PaperView): boolean {
  return isSignedByHand(paper) || (paper.state === 'signing' && !hasSignature(paper));
}

/** Whether anybody has signed with a certificate. */
export function hasSignature(paper: PaperView): boolean {
  return paper.fields.some((field) => field.signed || (field.waiting ?? null) !== null);
}
