/** The roster while the secretary edits it, and what replacing it does to people's devices. */
import type { MemberView, NewMember } from '../api/types.ts';
import { oneLine, SHORT_TEXT } from './typed_text.ts';

export const MAX_MEMBERS = 500;

/** A row as it is typed. */
export interface RosterRow {
  no: string;
  name: string;
  position: string;
  council_role: string;
}

export interface RosterFault {
  /** Index of the row; -1: the roster as a whole. */
  row: number;
  field: 'no' | 'no_twice' | 'name' | 'length';
}

/** Rows of the members that are there. */
export function rowsOf(members: readonly NewMember[]): RosterRow[] {
  return members.map(({ no, name, position, council_role }) => ({
    no: String(no),
    name,
    position,
    council_role,
  }));
}

/**
 * One more row. Numbers are never given anew: who has one keeps it, since another name under the
 * number would be another person.
 */
export function withRow(rows: readonly RosterRow[]): RosterRow[] {
  const largest = Math.max(0, ...rows.map((row) => Number(row.no) || 0));
  return [...rows, { no: String(largest + 1), name: '', position: '', council_role: '' }];
}

/** What must be mended before the roster can be saved. */
export function rosterFaults(rows: readonly RosterRow[]): RosterFault[] {
  const faults: RosterFault[] = [];
  const seen = new Set<number>();
  if (rows.length === 0 || rows.length > MAX_MEMBERS) faults.push({ row: -1, field: 'length' });
  rows.forEach((each, row) => {
    const no = /^\d{1,3}$/.test(each.no.trim()) ? Number(each.no) : 0;
    if (no < 1 || no > MAX_MEMBERS) faults.push({ row, field: 'no' });
    else if (seen.has(no)) faults.push({ row, field: 'no_twice' });
    seen.add(no);
    if (oneLine(each.name) === '') faults.push({ row, field: 'name' });
  });
  return faults;
}

/** As the service takes them, by number; only of rows without faults. */
export function membersOf(rows: readonly RosterRow[]): NewMember[] {
  return rows
    .map((row) => ({
      no: Number(row.no),
      name: oneLine(row.name).slice(0, SHORT_TEXT),
      position: oneLine(row.position).slice(0, SHORT_TEXT),
      council_role: oneLine(row.council_role).slice(0, SHORT_TEXT),
    }))
    .sort((one, other) => one.no - other.no);
}

/** Who had registered a device that ends with the new roster: left, or under another number. */
export function endingDevices(
  before: readonly MemberView[],
  after: readonly NewMember[],
): MemberView[] {
  const names = new Map(after.map((member) => [member.no, member.name]));
  return before.filter((member) => member.enrolled && names.get(member.no) !== member.name);
}
