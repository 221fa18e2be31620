/**
 * Everything of a member's ballot that computes (protocol.md §4 to §7): runs in a worker, so that
 * the page never stands still. It stores nothing; `ballot_custody` does.
 */
import {
  encryptBallot,
  encryptChoices,
  prepareEncryption,
  SEED_BYTES,
} from '../crypto/ballot_encryption.ts';
import { ciphertextTextsOf, parseBallotForm, trackerOf } from '../crypto/ballots.ts';
import { beginToken, type Blinding, finishToken, parseTokenKey } from '../crypto/blind_tokens.ts';
import { buildCastingBody, castingLength } from '../crypto/casting.ts';
import { parseLogProof, parseNoteKey, verifyPromise } from '../crypto/checkpoints.ts';
import { codeOf, electionCode, receiptValue, sealCodeOfNote } from '../crypto/codes.ts';
import {
  deriveCredentialV24,
  generateSecretCredential,
  publicCredential,
} from '../crypto/credentials.ts';
import { hashOfBlindedMessages } from '../crypto/device_keys.ts';
import { type Election, parseElection } from '../crypto/elections.ts';
import { type Bytes, toHex } from '../crypto/encodings.ts';
import { TokenError } from '../crypto/errors.ts';
import { drawScalar, type Randomness } from '../crypto/randomness.ts';
import * as base64url from '../schemas/base64url.ts';
import type { ReceiptFile } from '../schemas/record.ts';
import { answersOf, type Marks } from './marks.ts';
import {
  type AskingDevice,
  type CheckedElection,
  checkElection,
  checkPublication,
  type Publication,
  termsOf,
} from './published_election.ts';
import {
  findOwnBallot,
  type OwnBallot,
  type SealedLog,
  type SealedView,
  verifySealedLog,
} from './sealed_log.ts';

/** Told how many of all questions are encrypted. */
export type OnProgress = (done: number, total: number) => void;

/** The start of a ballot token: `blindings` and `secret` are stored before `blinded` is sent. */
export interface BegunToken {
  readonly secret: string;
  readonly blindings: readonly Blinding[];
  /** base64url, in the order of the issuers. */
  readonly blinded: readonly string[];
  readonly blindedSha256: string;
}

/** What a member compares: the value in hex and its code. */
export interface Receipt {
  readonly receipt: string;
  readonly receiptCode: string;
}

/** A ballot as it is sent: the exact bytes of the request and the tracker in hex. */
export interface SealedBallot {
  readonly body: Bytes;
  readonly tracker: string;
}

/** A throw-away ballot, opened: seed and marks only (protocol.md §6). */
export interface OpenedTest {
  readonly uuid: string;
  readonly phi: string;
  /** base64url */
  readonly seed: string;
  readonly marks: Marks;
}

/** The box's answer is no promise for the ballot that was sent. */
export class PromiseError extends Error {
  constructor() {
    super('the promise is for another ballot');
    this.name = 'PromiseError';
  }
}

/** There is no encrypted ballot: it was cast, opened or thrown away, or the worker is a new one. */
export class NothingPreparedError extends Error {
  constructor() {
    super('no ballot is prepared');
    this.name = 'NothingPreparedError';
  }
}

interface Prepared {
  readonly election: Election;
  readonly ballot: string;
  readonly seed: Bytes;
  readonly marks: Marks;
}

/**
 * One desk: it holds at most one encrypted ballot, which is either sealed, and then its seed is
 * gone, or opened as a test, and then the ballot is gone (protocol.md §6).
 */
export class BallotDesk {
  readonly #randomness: Randomness;
  #prepared: Prepared | undefined;
  #election: Election | undefined;

  constructor(randomness: Randomness) {
    this.#randomness = randomness;
  }

  /** See `checkPublication`. */
  checkPublication(input: {
    publication: Publication;
    device: AskingDevice;
  }): Promise<CheckedElection> {
    return checkPublication(input.publication, input.device);
  }

  /** See `checkElection`: for a device that takes no ballot. */
  checkElection(input: { uuid: string; entries: Uint8Array }): CheckedElection {
    return checkElection(input.uuid, input.entries);
  }

  /** The election code (mã cuộc bỏ phiếu). */
  electionCode(input: { phi: string }): Promise<string> {
    return electionCode(input.phi);
  }

  /** Draw a credential and blind the token message for each issuer (protocol.md §4). */
  async beginTokens(input: { checked: CheckedElection }): Promise<BegunToken> {
    const election = this.#read(input.checked.election);
    const terms = termsOf(input.checked);
    const secret = generateSecretCredential(this.#randomness);
    const exponent = deriveCredentialV24(election.group, terms.uuid, secret);
    const credential = publicCredential(election.group, exponent);
    const blindings: Blinding[] = [];
    for (const { spki } of terms.token_keys) {
      const key = await parseTokenKey(base64url.decode(spki));
      blindings.push(await beginToken(key, election.fingerprint, credential));
    }
    const blinded = blindings.map((blinding) => blinding.blindedMessage);
    return {
      secret,
      blindings,
      blinded: blinded.map((each) => base64url.encode(each)),
      blindedSha256: hashOfBlindedMessages(blinded),
    };
  }

  /** Unblind and verify what the issuers answered. Rejects with TokenError. */
  async finishTokens(input: {
    checked: CheckedElection;
    blindings: readonly Blinding[];
    blindSignatures: readonly string[];
  }): Promise<string[]> {
    const { token_keys: keys } = termsOf(input.checked);
    const tokens: string[] = [];
    for (const [place, { spki }] of keys.entries()) {
      const blinding = input.blindings[place];
      const signature = input.blindSignatures[place];
      if (blinding === undefined || signature === undefined) {
        throw new TokenError('an issuer has not answered');
      }
      const key = await parseTokenKey(base64url.decode(spki));
      tokens.push(await finishToken(key, blinding, base64url.decode(signature)));
    }
    return tokens;
  }

  /** While the member reads: what the first encryption would have to wait for. */
  warmUp(input: { checked: CheckedElection }): void {
    prepareEncryption(this.#read(input.checked.election), this.#randomness);
  }

  /** Encrypt the marks under a fresh seed; an earlier ballot of this desk is thrown away. */
  async prepareBallot(
    input: { checked: CheckedElection; secret: string; marks: Marks },
    onProgress: OnProgress = () => undefined,
  ): Promise<Receipt> {
    this.discardBallot();
    const election = this.#read(input.checked.election);
    const seed = this.#randomness(SEED_BYTES);
    const ballot = encryptBallot(
      election,
      deriveCredentialV24(election.group, election.uuid, input.secret),
      answersOf(input.marks),
      seed,
      drawScalar(election.group, this.#randomness),
      onProgress,
    );
    this.#prepared = { election, ballot, seed, marks: input.marks };
    // The form is enough: to check every element again would take longer than encrypting did.
    const texts = ciphertextTextsOf(parseBallotForm(election, ballot));
    return receiptOf(receiptValue(election.fingerprint, texts));
  }

  /** The request of the prepared ballot; its seed is erased here and now. */
  sealBallot(input: { token: readonly string[] }): SealedBallot {
    const { election, ballot } = this.#take();
    const body = buildCastingBody(ballot, input.token, castingLength(election, input.token.length));
    this.discardBallot();
    return { body, tracker: toHex(trackerOf(ballot)) };
  }

  /** Open the prepared ballot as a test; it can never be cast after that. */
  openTest(): OpenedTest {
    const { election, seed, marks } = this.#take();
    const opened = {
      uuid: election.uuid,
      phi: election.fingerprint,
      seed: base64url.encode(seed),
      marks,
    };
    this.discardBallot();
    return opened;
  }

  /** Forget the prepared ballot and its seed. */
  discardBallot(): void {
    this.#prepared?.seed.fill(0);
    this.#prepared = undefined;
  }

  /** Recompute what a test showed: its receipt from seed and marks (protocol.md §6). */
  recompute(
    input: { election: string; seed: string; marks: Marks },
    onProgress: OnProgress = () => undefined,
  ): Promise<Receipt> {
    const election = this.#read(input.election);
    const seed = base64url.decode(input.seed);
    const texts = encryptChoices(election, answersOf(input.marks), seed, onProgress);
    return receiptOf(receiptValue(election.fingerprint, texts));
  }

  /** Check the box's answer. Throws PromiseError, or NoteError, SignatureError. */
  checkPromise(input: { checked: CheckedElection; tracker: string; promise: string }): void {
    const { uuid, phi } = input.checked;
    const promised = verifyPromise(input.promise, parseNoteKey(termsOf(input.checked).box_key));
    if (
      promised.uuid !== uuid ||
      promised.phi !== phi ||
      toHex(promised.tracker) !== input.tracker
    ) {
      throw new PromiseError();
    }
  }

  /** See `verifySealedLog`. */
  verifySealedLog(input: { checked: CheckedElection; log: SealedLog }): void {
    verifySealedLog(input.checked, input.log);
  }

  /** See `findOwnBallot`. */
  findOwnBallot(input: { checked: CheckedElection; log: SealedLog; own: OwnBallot }): SealedView {
    return findOwnBallot(input.checked, input.log, input.own);
  }

  /** The seal code of the closing checkpoint that a receipt file leads to. */
  sealCode(input: { file: string }): Promise<string> {
    // The file was made on this device.
    const { proof } = JSON.parse(input.file) as ReceiptFile;
    return sealCodeOfNote(parseLogProof(proof).checkpointNote);
  }

  #take(): Prepared {
    if (this.#prepared === undefined) throw new NothingPreparedError();
    return this.#prepared;
  }

  /** The same election again keeps its tables of powers. */
  #read(text: string): Election {
    if (this.#election?.text !== text) this.#election = parseElection(text);
    return this.#election;
  }
}

async function receiptOf(value: Uint8Array): Promise<Receipt> {
  return { receipt: toHex(value), receiptCode: await codeOf(value) };
}
