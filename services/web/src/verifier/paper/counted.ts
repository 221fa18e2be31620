/** What an attached record says that papers print: figures, names, outcomes of one election. */

import { sealCodeOfNote } from '../../crypto/codes.ts';
import type { Outcome } from '../../schemas/entries.ts';
import type { AttendanceState } from '../../schemas/fields.ts';
import type { RosterMember } from '../../schemas/roster.ts';
import type { Nomination } from '../../schemas/terms.ts';
import type { Evidence } from '../evidence.ts';
import { isRefusal } from '../refusals.ts';
import type { AttachedRecord } from './attached_records.ts';

/** Codes by their notes: each takes half a second (protocol.md §11 "Code"). */
const sealCodes = new Map<string, Promise<string>>();
const MAX_CODES = 50;

/** A case with what became of it. */
export type CountedCase = readonly [Nomination, Outcome];

/** One counted election; properties throw NotApplicableError as those of Evidence do. */
export class Counted {
  readonly evidence: Evidence;
  readonly sha256: string;
  readonly cases: readonly CountedCase[];
  readonly tookBallot: ReadonlySet<number>;

  constructor({ evidence, sha256 }: AttachedRecord) {
    this.evidence = evidence;
    this.sha256 = sha256;
    const outcomes = new Map(evidence.result.outcomes.map((each) => [each.no, each]));
    this.cases = evidence.terms.nominations.flatMap((nomination): CountedCase[] => {
      const outcome = outcomes.get(nomination.no);
      return outcome === undefined ? [] : [[nomination, outcome]];
    });
    this.tookBallot = new Set(evidence.issuances.map(({ member }) => member));
  }

  get passed(): readonly Nomination[] {
    return this.cases.flatMap(([nomination, { passed }]) => (passed ? [nomination] : []));
  }

  /** By number, in order; empty for a copy without its roster. */
  get members(): readonly RosterMember[] {
    const members = this.evidence.roster?.members ?? [];
    return [...members].sort((one, other) => one.no - other.no);
  }

  stateOf(no: number): AttendanceState {
    const found = this.evidence.attendance?.members.find((member) => member.no === no);
    return found?.state ?? 'absent';
  }

  tookBallotInState(state: AttendanceState): number | null {
    if (this.evidence.attendance === null) return null;
    return [...this.tookBallot].filter((no) => this.stateOf(no) === state).length;
  }

  /** The seal code that the paper prints, or words that no paper prints. */
  async sealCode(): Promise<string> {
    try {
      return await sealCodeOnce(this.evidence.notes.get('closing') ?? '');
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return 'no seal code';
    }
  }
}

function sealCodeOnce(note: string): Promise<string> {
  const known = sealCodes.get(note);
  if (known !== undefined) return known;
  const code = sealCodeOfNote(note);
  if (sealCodes.size === MAX_CODES) sealCodes.clear();
  sealCodes.set(note, code);
  return code;
}

/** Every case once; a second ballot's outcome stands for the first one's. */
export function finalCases(counted: readonly Counted[]): CountedCase[] {
  const final = new Map<string, CountedCase>();
  const inOrder = [...counted].sort((one, other) => ballotOf(one) - ballotOf(other));
  for (const each of inOrder) {
    for (const counts of each.cases) {
      const { name, unit, award } = counts[0];
      const key = JSON.stringify([name, unit, award]);
      const isOther = ballotOf(each) === 1 && final.has(key);
      final.set(isOther ? JSON.stringify([each.evidence.terms.uuid, key]) : key, counts);
    }
  }
  return [...final.values()];
}

function ballotOf({ evidence }: Counted): number {
  return evidence.terms.ballot_number;
}

/** `Award: name, name`, by award in the order of the list; units tell namesakes apart. */
export function awardLists(cases: readonly Nomination[], all: readonly Nomination[]): string[] {
  const byAward = new Map<string, string[]>(all.map(({ award }) => [award, []]));
  for (const { name, unit, award } of cases) {
    const hasNamesake = all.filter((other) => other.name === name).length > 1;
    byAward.get(award)?.push(hasNamesake && unit !== '' ? `${name} (${unit})` : name);
  }
  return [...byAward].flatMap(([award, names]) =>
    names.length === 0 ? [] : [`${award}: ${names.join(', ')}`],
  );
}

/** Name, position and role in the council, those that there are. */
export function person(member: RosterMember): string {
  const parts = [member.name, member.position, member.council_role];
  return parts.filter((part) => part !== '').join(', ');
}

/** Numbers of cases have two digits, as decrees ask. */
export function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}
