/** The counting team as the council chose it: thresholds, and tellers who are on the list. */
import type { MemberView, Nomination } from '../api/types.ts';
import { folded } from './typed_text.ts';

/** As protocol.md §3: 2 to 20 tellers, more than half of them open the sum. */
export const MIN_TELLERS = 2;
export const MAX_TELLERS = 20;
/** Members × nominations up to which a phone opens the sum (protocol.md §3). */
export const PHONE_LIMIT = 3000;

/** How many keys may be asked for to open the box, of `tellers` in all. */
export function thresholds(tellers: number): number[] {
  const least = Math.floor(tellers / 2) + 1;
  return Array.from({ length: Math.max(0, tellers - least + 1) }, (_, index) => least + index);
}

/** The least that is allowed: 2 of 3, 3 of 5. */
export function defaultThreshold(tellers: number): number {
  return Math.floor(tellers / 2) + 1;
}

/** Choose or leave a member; who was chosen first is the head. */
export function toggled(team: readonly number[], no: number): number[] {
  return team.includes(no) ? team.filter((each) => each !== no) : [...team, no];
}

/** Make one of the team its head: tellers[0]. */
export function withHead(team: readonly number[], no: number): number[] {
  return [no, ...team.filter((each) => each !== no)];
}

/** Tellers whose own name is on the list (words.md `tellers.conflict`). */
export function conflicts(
  team: readonly number[],
  members: readonly MemberView[],
  nominations: readonly Nomination[],
): MemberView[] {
  const nominees = new Set(
    nominations.filter((each) => each.kind === 'individual').map((each) => folded(each.name)),
  );
  return members.filter((member) => team.includes(member.no) && nominees.has(folded(member.name)));
}
