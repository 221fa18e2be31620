/** V19: a receipt, verifiable alone, and promises that claims bring (protocol.md §5, §7, §9 v2). */

import { parseBallot } from '../crypto/ballots.ts';
import {
  parseLogProof,
  parseNoteKey,
  type Promised,
  verifyLogProof,
  verifyPromise,
} from '../crypto/checkpoints.ts';
import { codeOf, receiptValue } from '../crypto/codes.ts';
import { type Election, parseElection } from '../crypto/elections.ts';
import { bytesOfText, equalBytes, fromHex, textOfBytes, toHex } from '../crypto/encodings.ts';
import { leafHash } from '../crypto/merkle.ts';
import { decode as decodeBase64url } from '../schemas/base64url.ts';
import { DESCRIPTION_PREFIX } from '../schemas/election_json.ts';
import { decodeEntry } from '../schemas/entries.ts';
import { readReceiptFile, type ReceiptFile } from '../schemas/record.ts';
import type { Terms } from '../schemas/terms.ts';
import { type Evidence, sha256HexOfText } from './evidence.ts';
import { asProblem } from './refusals.ts';
import { MAX_RECEIPT_BYTES } from './record_files.ts';
import {
  CheckFailedError,
  MalformedInputError,
  NotApplicableError,
  refuseIfAny,
} from './report.ts';

/** A receipt file that could be read; nothing of it is believed yet. */
export interface Receipt {
  readonly file: ReceiptFile;
  readonly terms: Terms;
  readonly election: Election;
  /** The checkpoint in the log proof. */
  readonly closingNote: string;
}

/** Read a receipt file (protocol.md §9). Throws MalformedInputError. */
export function readReceipt(data: Uint8Array): Receipt {
  if (data.length > MAX_RECEIPT_BYTES) {
    throw new MalformedInputError(`a receipt is at most ${MAX_RECEIPT_BYTES} bytes`);
  }
  try {
    // Not canonical JSON: notes have newlines, which no string of an entry has.
    const file = readReceiptFile(parseJson(data));
    const terms = decodeEntry(bytesOfText(file.terms));
    if (terms.type !== 'terms') {
      throw new MalformedInputError('the terms in the receipt are another entry');
    }
    const election = parseElection(file.election);
    return { file, terms, election, closingNote: parseLogProof(file.proof).checkpointNote };
  } catch (error) {
    if (error instanceof MalformedInputError) {
      throw error;
    }
    throw new MalformedInputError(`not a receipt: ${asProblem(error)}`);
  }
}

function parseJson(data: Uint8Array): unknown {
  const text = textOfBytes(data);
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedInputError('not a receipt: not JSON');
  }
}

/**
 * V19: the promise is signed by the box, the leaf included under the closing checkpoint.
 *
 * Promise, terms and election belong together; the leaf is the entry of the promised ballot, and
 * the receipt value and its printed code are that ballot's. With the record at hand it is there.
 */
export async function checkReceipt(receipt: Receipt, evidence: Evidence | null): Promise<string> {
  const { file, terms, election } = receipt;
  const problems = [...bindingProblems(receipt), ...ballotProblems(receipt)];
  try {
    const promise = verifyPromise(file.promise, parseNoteKey(terms.box_key));
    if (!isOf(promise, file)) {
      problems.push('the promise is for another ballot');
    }
  } catch (error) {
    problems.push(`promise: ${asProblem(error)}`);
  }
  try {
    verifyLogProof(file.proof, fromHex(file.leaf), parseNoteKey(terms.log_key));
  } catch (error) {
    problems.push(`inclusion: ${asProblem(error)}`);
  }
  if ((await codeOf(fromHex(file.receipt))) !== file.receipt_code) {
    problems.push('the printed code is not that of the receipt');
  }
  if (evidence !== null && !evidence.leaves.some((leaf) => equalBytes(leaf, fromHex(file.leaf)))) {
    problems.push('the record given does not hold this ballot');
  }
  refuseIfAny(problems);
  const where = evidence === null ? 'included' : 'included in the record given';
  return (
    `ballot ${file.tracker} of election ${election.uuid} is promised and ${where}; ` +
    `compare the receipt code ${file.receipt_code} with the phone's`
  );
}

function isOf(promise: Promised, file: ReceiptFile): boolean {
  return (
    promise.uuid === file.uuid &&
    promise.phi === file.phi &&
    equalBytes(promise.tracker, fromHex(file.tracker))
  );
}

function bindingProblems({ file, terms, election }: Receipt): string[] {
  const problems: string[] = [];
  if (file.uuid !== terms.uuid || terms.uuid !== election.uuid) {
    problems.push('receipt, terms and election have different uuids');
  }
  if (file.phi !== election.fingerprint) {
    problems.push('phi is not the fingerprint of the election');
  }
  if (election.description !== DESCRIPTION_PREFIX + sha256HexOfText(file.terms)) {
    problems.push('the election is not bound to these terms');
  }
  const logName = `${terms.log_origin}/${terms.uuid}`;
  const keys = [
    [terms.log_key, logName],
    [terms.box_key, `${logName}/box`],
  ] as const;
  for (const [key, name] of keys) {
    if (key.split('+')[0] !== name) {
      problems.push(`a key of the terms is not named ${name}`);
    }
  }
  return problems;
}

/** What joins the promise, the leaf and the receipt value: the ballot's own entry. */
function ballotProblems({ file, election }: Receipt): string[] {
  const problems: string[] = [];
  try {
    const data = bytesOfText(file.entry);
    const entry = decodeEntry(data);
    if (entry.type !== 'ballot') {
      return ['the entry is not a ballot'];
    }
    const ballot = parseBallot(election, entry.ballot);
    if (toHex(leafHash(data)) !== file.leaf) {
      problems.push('the leaf is not that of the ballot');
    }
    if (toHex(ballot.tracker) !== file.tracker) {
      problems.push('the ballot is another than the promised one');
    }
    const texts = ballot.answers.flatMap((answer) => answer.texts);
    if (toHex(receiptValue(file.phi, texts)) !== file.receipt) {
      problems.push('the receipt is not of this ballot');
    }
  } catch (error) {
    return [`the ballot: ${asProblem(error)}`];
  }
  return problems;
}

/** V19 for a record: every claim is a promise of this box whose ballot is not on the board. */
export function checkClaims(evidence: Evidence): string {
  const claims = evidence.allOf('claim');
  if (claims.length === 0) {
    throw new NotApplicableError('no_receipt', 'no receipt given, and no claim in the log');
  }
  const { election, terms } = evidence;
  const trackers = new Set(evidence.allOf('ballot').map((entry) => sha256HexOfText(entry.ballot)));
  const problems: string[] = [];
  claims.forEach((claim, place) => {
    const name = `claim ${place + 1}`;
    let promise: Promised;
    try {
      const note = textOfBytes(decodeBase64url(claim.promise));
      promise = verifyPromise(note, parseNoteKey(terms.box_key));
    } catch (error) {
      problems.push(`${name}: ${asProblem(error)}`);
      return;
    }
    if (promise.uuid !== terms.uuid || promise.phi !== election.fingerprint) {
      problems.push(`${name} is of another election`);
    }
    if (trackers.has(toHex(promise.tracker))) {
      problems.push(`${name} names a ballot that is on the board`);
    }
  });
  if (problems.length > 0) {
    throw new CheckFailedError(...problems);
  }
  return `${claims.length} claims, each a promise of the box without its ballot`;
}
