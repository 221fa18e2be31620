/** Receipts of ballots on the board of a built record, as the phone that cast them has them. */

import { parseBallot } from '../../src/crypto/ballots.ts';
import { logProofToText, signPromise } from '../../src/crypto/checkpoints.ts';
import { codeOf, receiptValue } from '../../src/crypto/codes.ts';
import { textOfBytes, toHex } from '../../src/crypto/encodings.ts';
import { inclusionPath, leafHash } from '../../src/crypto/merkle.ts';
import { encodeEntry } from '../../src/schemas/entries.ts';
import type { ReceiptFile } from '../../src/schemas/record.ts';
import { type BuiltRecord, fileOfRecord, linesOf } from './record_builder.ts';
import { at, BOX_SIGNER, UUID } from './record_parts.ts';

/** The receipt of the ballot at `number` on the board, from 0. */
export async function receiptOf(record: BuiltRecord, number = 0): Promise<ReceiptFile> {
  const { log, election } = record;
  const end = log.findIndex((entry) => entry.type === 'closed') + 1;
  const leaves = linesOf(record)
    .slice(0, end)
    .map((line) => leafHash(line));
  const first = log.findIndex((entry) => entry.type === 'ballot');
  const [place, entry] = [first + number, at(log, first + number)];
  const terms = log.find((each) => each.type === 'terms');
  if (entry.type !== 'ballot' || terms === undefined) throw new RangeError('no such ballot');
  const ballot = parseBallot(election, entry.ballot);
  const phi = election.fingerprint;
  const value = receiptValue(phi, ballot.ciphertextTexts);
  const checkpointNote = textOfBytes(fileOfRecord(record, 'checkpoints/closing'));
  return {
    format: 'phieukin/receipt/1',
    uuid: UUID,
    phi,
    tracker: toHex(ballot.tracker),
    receipt: toHex(value),
    receipt_code: await codeOf(value),
    promise: signPromise({ uuid: UUID, phi, tracker: ballot.tracker }, BOX_SIGNER),
    entry: textOfBytes(encodeEntry(entry)),
    leaf: toHex(at(leaves, place)),
    proof: logProofToText({ index: place, path: inclusionPath(leaves, place), checkpointNote }),
    terms: textOfBytes(encodeEntry(terms)),
    election: election.text,
  };
}
