/** What a teller's device checks of the whole board before it opens the sum (protocol.md §3 v2). */

import { parseCheckpointText, parseNote } from '../crypto/checkpoints.ts';
import type { Election } from '../crypto/elections.ts';
import { CryptoError } from '../crypto/errors.ts';
import type { Element } from '../crypto/groups/index.ts';
import type { EncryptedTally } from '../crypto/tally.ts';
import { publicShare } from '../crypto/trustee_verification.ts';
import { type Judge, judgeChunk } from './ballot_verdicts.ts';
import { teamOf } from './checks_election.ts';
import { tallyOf } from './checks_tally.ts';
import { boardEvidence } from './evidence.ts';
import type { OnProgress } from './progress.ts';
import type { CheckId, CheckResult } from './report.ts';
import { RecordChecks } from './verify_record.ts';

/** The board as it stands at closing: exact bytes of all entries, two notes, two files. */
export interface DownloadedBoard {
  readonly entries: readonly Uint8Array[];
  readonly openingNote: string;
  readonly closingNote: string;
  readonly roster: Uint8Array;
  readonly attendance: Uint8Array;
}

/**
 * A board that holds in all of V0 to V12, and the sum to open.
 *
 * `publicKeys[i]` is the key X of trustee i + 1, recomputed from the commitments; `leaves` are all
 * leaf hashes. `minimumBallots` has not been compared: the caller refuses too few.
 */
export interface BoardToOpen {
  readonly election: Election;
  readonly tally: EncryptedTally;
  readonly closingRoot: Uint8Array;
  readonly publicKeys: readonly Element[];
  readonly leaves: readonly Uint8Array[];
  readonly ballots: number;
  readonly issuances: number;
  readonly minimumBallots: number;
}

/** A check of the board fails, or could not be made; nothing may be opened. */
export class BoardRefusedError extends CryptoError {
  readonly refused: readonly CheckId[];

  constructor(refused: readonly CheckResult[]) {
    super(refused.map((check) => `${check.id}: ${check.detail}`).join('; '));
    this.refused = refused.map((check) => check.id);
  }
}

/**
 * Check V0 to V12 of a board that ends at its closing: no claim, no cancellation, no decryption.
 *
 * Every check must hold; one that does not apply refuses the board as well. Throws
 * BoardRefusedError.
 */
export async function verifyBoardForOpening(
  board: DownloadedBoard,
  judges: readonly Judge[] = [judgeChunk],
  onProgress: OnProgress = () => undefined,
): Promise<BoardToOpen> {
  const notes = new Map([
    ['opening', board.openingNote],
    ['closing', board.closingNote],
  ]);
  const evidence = boardEvidence(board.entries, notes, board.roster, board.attendance);
  const checks = new RecordChecks(evidence, judges, onProgress);
  const results = [...(await checks.runAll(checks.ofTheBoard)).values()];
  const refused = results.filter((check) => check.status !== 'holds');
  if (refused.length > 0) {
    throw new BoardRefusedError(refused);
  }
  const { election, terms } = evidence;
  const team = teamOf(evidence);
  return {
    election,
    tally: tallyOf(await checks.judgement()),
    closingRoot: parseCheckpointText(parseNote(board.closingNote).text).head.root,
    publicKeys: team.certificates.map((_, place) =>
      publicShare(election.group, team.coefficients, place + 1),
    ),
    leaves: evidence.leaves,
    ballots: evidence.ballots.length,
    issuances: evidence.issuances.length,
    minimumBallots: terms.minimum_ballots,
  };
}
