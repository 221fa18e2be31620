/** A member's marks on a list of nominations, before they are encrypted. */
import type { Nomination } from '../schemas/terms.ts';

/** What a member says of one case; `blank` = nothing was chosen. */
export type Mark = 'agree' | 'disagree' | 'blank';
/** One mark a nomination, in the order of `terms`. */
export type Marks = readonly Mark[];

/** The cases of one award, with their places in the list. */
export interface AwardGroup {
  readonly award: string;
  readonly cases: readonly { readonly place: number; readonly nomination: Nomination }[];
}

const MAX_CASES = 1000;
/** The digit of a mark is its place. */
const MARKS: readonly Mark[] = ['blank', 'agree', 'disagree'];
const ANSWERS: Readonly<Record<Mark, readonly [agree: number, disagree: number]>> = {
  agree: [1, 0],
  disagree: [0, 1],
  blank: [0, 0],
};

/** As many blank marks. */
export function blankMarks(count: number): Mark[] {
  return Array.from({ length: count }, () => 'blank');
}

/** The cases by award, awards in the order in which they first stand on the list. */
export function groupByAward(nominations: readonly Nomination[]): AwardGroup[] {
  const groups = new Map<string, { place: number; nomination: Nomination }[]>();
  nominations.forEach((nomination, place) => {
    const cases = groups.get(nomination.award) ?? [];
    cases.push({ place, nomination });
    groups.set(nomination.award, cases);
  });
  return [...groups].map(([award, cases]) => ({ award, cases }));
}

/** The marks with another one at `place`. */
export function withMark(marks: Marks, place: number, mark: Mark): Marks {
  return marks.map((each, at) => (at === place ? mark : each));
}

/** Mark every case of the group that is still open; the others stay as they are. */
export function markAllOpen(marks: Marks, group: AwardGroup, mark: Mark): Marks {
  const places = new Set(group.cases.map(({ place }) => place));
  return marks.map((each, at) => (places.has(at) && each === 'blank' ? mark : each));
}

/** How many cases of the whole list, or of a group, are open. */
export function countOpen(marks: Marks, group?: AwardGroup): number {
  if (group === undefined) return marks.filter((mark) => mark === 'blank').length;
  return group.cases.filter(({ place }) => marks[place] === 'blank').length;
}

/** The marks as the questions of the election take them: for each (agree, disagree), 0 or 1. */
export function answersOf(marks: Marks): (readonly [number, number])[] {
  return marks.map((mark) => ANSWERS[mark]);
}

/** One digit a mark: 0 blank, 1 agree, 2 disagree (protocol.md §6, QR of a test). */
export function marksToDigits(marks: Marks): string {
  return marks.map((mark) => MARKS.indexOf(mark)).join('');
}

/** Read `marksToDigits`; null for anything else. */
export function marksOfDigits(digits: string): Mark[] | null {
  if (!/^[012]+$/.test(digits) || digits.length > MAX_CASES) return null;
  return [...digits].map((digit) => MARKS[Number(digit)] ?? 'blank');
}
