/** Pass rules and quorum as data: exact shares, compared as integers (protocol.md §1 v2). */

import { checked, object, oneOf, optional, type Reader, SchemaError, text } from './fields.ts';

/** How the votes compare with the share. */
export type Comparator = 'at_least' | 'more_than';
/** The number that a share is of. */
export type Base = 'all_members' | 'present_members' | 'ballots_returned';

/** A fraction in lowest terms; both numbers are small enough to compute with exactly. */
export interface Share {
  readonly numerator: number;
  readonly denominator: number;
}

/** Members present or online when voting starts, at least `share` of all members. */
export interface Quorum {
  readonly share: string;
  readonly base: 'all_members';
}

/** When a nomination passes; `citation` names the text that says so, as the minute prints it. */
export interface Rule {
  readonly share: string;
  readonly comparator: Comparator;
  readonly base: Base;
  readonly citation: string;
  readonly quorum?: Quorum;
  readonly base_reason?: string;
}

/** The three numbers that a share can be of, counted at closing (protocol.md §1, "Bases"). */
export type Bases = Readonly<Record<Base, number>>;

/** An award whose mark is above the number of members who can get a ballot. */
export interface UnreachableAward {
  readonly award: string;
  readonly votesNeeded: number;
  readonly members: number;
  readonly canVote: number;
}

/** The text is not a share such as 90%, 66.5% or 2/3, over 0 and at most 1. */
export class ShareError extends SchemaError {}

const PERCENT = /^([0-9]{1,3})(?:\.([0-9]{1,4}))?%$/;
const RATIO = /^([0-9]{1,4})\/([0-9]{1,4})$/;
const HUNDRED_PERCENT = 100;

const readShare = checked(
  text({ pattern: /^[0-9]{1,3}(?:\.[0-9]{1,4})?%$|^[0-9]{1,4}\/[0-9]{1,4}$/ }),
  parseShare,
);
const readCitation = text({ min: 1, max: 500 });

/** Reads Quorum; its base is written out, as in every entry. */
export const readQuorum: Reader<Quorum> = object<Quorum>({
  share: readShare,
  base: oneOf('all_members'),
});

/** Reads Rule. */
export const readRule: Reader<Rule> = object<Rule>({
  share: readShare,
  comparator: oneOf('at_least', 'more_than'),
  base: oneOf('all_members', 'present_members', 'ballots_returned'),
  citation: readCitation,
  quorum: optional(readQuorum),
  base_reason: optional(readCitation),
});

/**
 * Read a share exactly: `90%`, `66.5%`, `2/3` (protocol.md §1, "Rules are data").
 *
 * The fraction is over 0 and at most 1. Throws ShareError.
 */
export function parseShare(value: string): Share {
  const share = readPercent(value) ?? readRatio(value);
  if (share === null) throw new ShareError('a share is written as 90%, 66.5% or 2/3');
  if (share.numerator === 0 || share.numerator > share.denominator) {
    throw new ShareError('a share is more than 0 and at most the whole');
  }
  const divisor = greatestCommonDivisor(share.numerator, share.denominator);
  return { numerator: share.numerator / divisor, denominator: share.denominator / divisor };
}

/** Compare whole numbers, never a rounded percentage (protocol.md §1). */
export function isPassed(rule: Rule, agree: number, base: number): boolean {
  const { numerator, denominator } = parseShare(rule.share);
  const [votes, mark] = [agree * denominator, numerator * base];
  return rule.comparator === 'at_least' ? votes >= mark : votes > mark;
}

/** The least number of agreeing ballots that passes on a base of `base`. */
export function votesNeeded(rule: Rule, base: number): number {
  const { numerator, denominator } = parseShare(rule.share);
  return rule.comparator === 'at_least'
    ? ceilingOf(numerator * base, denominator)
    : floorOf(numerator * base, denominator) + 1;
}

/** Members that must be present or online, of `members` in all. */
export function membersNeeded(quorum: Quorum, members: number): number {
  const { numerator, denominator } = parseShare(quorum.share);
  return ceilingOf(numerator * members, denominator);
}

/**
 * The share as papers print it: two decimals, half up on the exact fraction, decimal comma.
 *
 * `sharePercent(13, 15) === '86,67'`; a base of 0 gives '0,00'.
 */
export function sharePercent(agree: number, base: number): string {
  if (base === 0) return '0,00';
  const hundredths = floorOf(20_000 * agree + base, 2 * base);
  const whole = floorOf(hundredths, HUNDRED_PERCENT);
  return `${whole},${String(hundredths % HUNDRED_PERCENT).padStart(2, '0')}`;
}

/** The strictest of the election's quorum and those that rules carry (protocol.md §1). */
export function strictestQuorum(quorum: Quorum, rules: Iterable<Rule>): Quorum {
  let strictest = quorum;
  for (const rule of rules) {
    if (rule.quorum !== undefined && isStricter(rule.quorum, strictest)) strictest = rule.quorum;
  }
  return strictest;
}

/**
 * Awards that cannot reach their mark with `canVote` ballots, each once (`reach.warning`).
 *
 * For the base `ballots_returned` every mark can be reached, since the base shrinks as well.
 */
export function unreachableAwards(
  rules: readonly { readonly award: string; readonly rule: Rule }[],
  basesIfStarted: Bases,
  canVote: number,
): UnreachableAward[] {
  const found = new Map<string, UnreachableAward>();
  for (const { award, rule } of rules) {
    if (rule.base === 'ballots_returned' || found.has(award)) continue;
    const members = basesIfStarted[rule.base];
    const needed = votesNeeded(rule, members);
    if (needed > canVote) found.set(award, { award, votesNeeded: needed, members, canVote });
  }
  return [...found.values()];
}

function readPercent(value: string): Share | null {
  const [, whole, decimals = ''] = PERCENT.exec(value) ?? [];
  if (whole === undefined) return null;
  const scale = 10 ** decimals.length;
  return { numerator: Number(whole + decimals), denominator: HUNDRED_PERCENT * scale };
}

function readRatio(value: string): Share | null {
  const [, numerator, denominator] = RATIO.exec(value) ?? [];
  if (denominator === undefined || Number(denominator) === 0) return null;
  return { numerator: Number(numerator), denominator: Number(denominator) };
}

function isStricter(left: Quorum, right: Quorum): boolean {
  const [one, other] = [parseShare(left.share), parseShare(right.share)];
  return one.numerator * other.denominator > other.numerator * one.denominator;
}

function floorOf(numerator: number, denominator: number): number {
  return (numerator - (numerator % denominator)) / denominator;
}

function ceilingOf(numerator: number, denominator: number): number {
  return floorOf(numerator + denominator - 1, denominator);
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
