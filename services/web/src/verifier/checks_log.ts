/** V0 to V3: the log as such, whatever its entries say (protocol.md §7, §9 v2). */

import {
  type Checkpoint,
  type NoteKey,
  parseNoteKey,
  verifyCheckpoint,
} from '../crypto/checkpoints.ts';
import { consistencyPath, sameHead, treeHead, verifyConsistency } from '../crypto/merkle.ts';
import { checkGrammar, Phase, phaseName } from '../schemas/grammar.ts';
import { type EntryKind, type Evidence, MAX_ENTRIES } from './evidence.ts';
import { asProblem, isRefusal } from './refusals.ts';
import { CheckFailedError, NotApplicableError, numbersText, refuseIfAny } from './report.ts';

/** Each checkpoint covers the tree up to and with the last entry of these types. */
export const CHECKPOINT_AFTER: ReadonlyMap<string, readonly EntryKind[]> = new Map([
  ['opening', ['voting_opened']],
  ['closing', ['closed']],
  ['result', ['result', 'cancelled']],
  ['minute', ['minute']],
]);

const CEREMONY = [
  'ceremony_certificate',
  'ceremony_commitment',
  'ceremony_reveal',
  'ceremony_key',
] as const;

/** V0: the entries follow the grammar; one of each where one is due; nothing after the end. */
export function checkOrder(evidence: Evidence): string {
  const known = evidence.placed.flatMap(({ entry }) => (entry === null ? [] : [entry]));
  let phase: Phase;
  try {
    phase = checkGrammar(known);
  } catch (error) {
    throw new CheckFailedError(asProblem(error));
  }
  const problems = evidence.find('terms') === null ? [] : incompleteCeremony(evidence);
  if (evidence.endsAtClosing) {
    if (phase !== Phase.CLOSED) {
      problems.push(`the board stands at ${phaseName(phase)}, not at its closing`);
    }
  } else if (phase < Phase.RESULT) {
    problems.push(`the log ends at ${phaseName(phase)}: no result and no cancellation`);
  }
  refuseIfAny(problems);
  return `${evidence.placed.length} entries, up to ${phaseName(phase)}`;
}

function incompleteCeremony(evidence: Evidence): string[] {
  const due = evidence.allOf('ceremony_certificate').map((_, place) => place + 1);
  return CEREMONY.flatMap((kind) => {
    const found = evidence
      .allOf(kind)
      .map((entry) => entry.index)
      .sort((left, right) => left - right);
    const [said, wanted] = [numbersText(found), numbersText(due)];
    return said === wanted ? [] : [`${kind} stands for trustees ${said}, not for ${wanted}`];
  });
}

/** V1: every entry parses, is canonical, of a known type, within its size. */
export function checkForm(evidence: Evidence): string {
  const problems = evidence.placed.flatMap(({ position, problem }) =>
    problem === null ? [] : [`entry ${position}: ${problem}`],
  );
  if (evidence.placed.length === 0) {
    problems.push('there are no entries');
  }
  if (evidence.placed.length > MAX_ENTRIES) {
    problems.push(`more than ${MAX_ENTRIES} entries`);
  }
  if (!evidence.endsWithNewline) {
    problems.push('the last entry does not end with a newline');
  }
  refuseIfAny(problems);
  return `all ${evidence.placed.length} entries are in their one form`;
}

/** V2: the tree has root and size of each checkpoint, signed by the log key of `terms`. */
export function checkCheckpoints(evidence: Evidence): string {
  const key = logKey(evidence);
  const problems: string[] = [];
  const held: string[] = [];
  for (const [name, kinds] of CHECKPOINT_AFTER) {
    const expected = evidence.headAfter(...kinds);
    const note = evidence.notes.get(name);
    if (expected === null && note === undefined) {
      continue;
    }
    if (note === undefined) {
      problems.push(`checkpoint ${name} is missing`);
      continue;
    }
    if (expected === null) {
      problems.push(`checkpoint ${name} has no entry that it could cover`);
      continue;
    }
    try {
      const { head } = verifyCheckpoint(note, key);
      if (!sameHead(head, expected)) {
        problems.push(`checkpoint ${name} is of another tree than the entries make`);
      }
      held.push(`${name} (${head.size})`);
    } catch (error) {
      problems.push(`checkpoint ${name}: ${asProblem(error)}`);
    }
  }
  refuseIfAny(problems);
  if (held.length === 0) {
    throw new NotApplicableError('cancelled', 'cancelled before the first checkpoint');
  }
  return `signed and equal to the tree of the entries: ${held.join(', ')}`;
}

function logKey({ terms }: Evidence): NoteKey {
  let key: NoteKey;
  try {
    key = parseNoteKey(terms.log_key);
  } catch (error) {
    throw new CheckFailedError(`the log key of the terms: ${asProblem(error)}`);
  }
  if (key.name !== `${terms.log_origin}/${terms.uuid}`) {
    throw new CheckFailedError('the log key of the terms is not named for this election');
  }
  return key;
}

/** V3: every checkpoint is a prefix of the next one (RFC 9162 §2.1.4), and of the entries. */
export function checkConsistency(evidence: Evidence): string {
  const checkpoints = [...CHECKPOINT_AFTER.keys()].flatMap((name) => {
    const checkpoint = evidence.checkpoint(name);
    return checkpoint === null ? [] : [{ name, checkpoint }];
  });
  if (checkpoints.length === 0) {
    throw new NotApplicableError('no_checkpoints', 'there are no checkpoints');
  }
  const problems: string[] = [];
  checkpoints.reduce((before, after) => {
    const reason = inconsistency(evidence, before.checkpoint, after.checkpoint);
    if (reason !== null) {
      problems.push(`${before.name} is no prefix of ${after.name}: ${reason}`);
    }
    return after;
  });
  refuseIfAny(problems);
  return `${checkpoints.length} checkpoints, each a prefix of the next`;
}

function inconsistency(
  evidence: Evidence,
  checkpoint: Checkpoint,
  following: Checkpoint,
): string | null {
  if (checkpoint.origin !== following.origin) {
    return 'they are of different logs';
  }
  const [first, second] = [checkpoint.head, following.head];
  const entries = evidence.leaves.length;
  if (!(first.size < second.size && second.size <= entries)) {
    return `their sizes are ${first.size} and ${second.size} of ${entries} entries`;
  }
  const leaves = evidence.leaves.slice(0, second.size);
  if (!sameHead(treeHead(leaves), second)) {
    return 'the entries do not make the second tree';
  }
  try {
    verifyConsistency(first, second, consistencyPath(leaves, first.size));
  } catch (error) {
    if (isRefusal(error)) {
      return error.message;
    }
    throw error;
  }
  return null;
}
