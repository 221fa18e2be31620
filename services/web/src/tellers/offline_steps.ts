/**
 * What a teller who uses the offline program (`phieukin trustee`) does next: which files to take
 * along, which command to run, which file to bring back.
 */
import type { CeremonyView, ElectionView } from '../api/types.ts';
import { dueStep } from './counting_device.ts';
import type { Step } from './trustee_tasks.ts';

export type OfflineStep = Step | 'open';

/** What the program reads, by the name that the command uses. */
export type OfflineFile = 'ceremony.json' | 'shares.json' | 'entries.jsonl' | 'board.zip';

const STATE = 'chia-mo-hom.phieukin';
const FILES: Readonly<Record<OfflineStep, readonly OfflineFile[]>> = {
  certificate: [],
  commitment: ['ceremony.json'],
  reveal: ['ceremony.json'],
  key: ['ceremony.json', 'shares.json'],
  confirmation: ['entries.jsonl'],
  open: ['board.zip'],
};
const FIELDS: Readonly<Record<OfflineStep, readonly string[]>> = {
  certificate: ['certificate'],
  commitment: ['commitment'],
  reveal: ['coefexps', 'sealed_shares', 'signature'],
  key: ['verification_key'],
  confirmation: ['confirmation'],
  open: ['partial_decryption', 'proof'],
};

/** The step that is due for this teller now; null while others or the secretary are at it. */
export function dueOfflineStep(
  view: CeremonyView,
  election: ElectionView,
  member: number,
): OfflineStep | null {
  return election.state === 'closed' ? 'open' : dueStep(view, member, election.state);
}

/** The files to take along for a step. */
export function filesFor(step: OfflineStep): readonly OfflineFile[] {
  return FILES[step];
}

/** The name of the file that the program writes in a step. */
export function outputOf(step: OfflineStep): string {
  return `${step}.json`;
}

/** The command of a step, to be copied; a teller's number is its place in the team, from 1. */
export function commandFor(
  step: OfflineStep,
  view: CeremonyView,
  election: ElectionView,
  member: number,
): string {
  const words = ['phieukin trustee', step, `--state ${STATE}`];
  if (step === 'certificate') {
    const index = view.trustees.find((each) => each.member === member)?.index ?? 0;
    words.push(`--uuid ${election.uuid}`, `--group ${election.group}`, `--index ${index}`);
    words.push(`--size ${view.trustees.length}`, `--threshold ${view.trustee_threshold}`);
  } else {
    words.push(`--input ${FILES[step][0] ?? ''}`);
  }
  if (step === 'key') words.push('--shares shares.json');
  if (step === 'open') words.push('--code XXXX-XXXX-XXXX-XXXX-XXXX');
  words.push(`--output ${outputOf(step)}`);
  return words.join(' ');
}

/** The command that erases the program's file. */
export function eraseCommand(): string {
  return `phieukin trustee erase --state ${STATE}`;
}

/** The body that a file holds, if it is what the program writes in that step; else null. */
export function bodyOf(step: OfflineStep, text: string): Record<string, unknown> | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const names = Object.keys(body).sort();
  const isOfStep = names.join() === [...FIELDS[step]].sort().join();
  return isOfStep ? (body as Record<string, unknown>) : null;
}
