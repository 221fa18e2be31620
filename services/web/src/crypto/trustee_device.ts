/**
 * What a trustee's own device does in the key ceremony and at the count (protocol.md §3, §11 v2).
 *
 * The steps are pure functions from state to state. Each may be repeated with the same input and
 * then gives the same output, and refuses another input: a service cannot make a device commit,
 * reveal, confirm or open twice. What they read was carried by the service and is checked in full;
 * what is refused names its sender.
 */

import { dumps, fields, loads, requireExact, textField } from './belenios_json.ts';
import {
  type Ceremony,
  checkCommitments,
  commitmentTo,
  confirmationMessage,
  type Reveal,
  verifyCeremony,
  verifyReveals,
} from './ceremony.ts';
import { decryptPartially, type OnProgress, type Statement } from './decryption.ts';
import type { Election } from './elections.ts';
import { fromHex, toHex } from './encodings.ts';
import { ElectionMismatchError, MalformedError, ProofError } from './errors.ts';
import { type Group, groupByName } from './groups/index.ts';
import { proofToJson, proveKnowledge } from './proofs.ts';
import { drawScalar, type Randomness } from './randomness.ts';
import {
  deriveTrusteeKeys,
  generateSeed,
  receive,
  send,
  signedMessageToText,
  signMessage,
  signText,
} from './sealed_messages.ts';
import {
  certificatesMessage,
  checkThreshold,
  electionKey,
  evaluate,
  knowledgePrefix,
  naming,
  ofTrustee,
  verifyCertificates,
  verifyKey,
} from './trustee_verification.ts';
import type { OpenedSum, TrusteeState } from './trustee_state.ts';
import {
  type Certificate,
  type Coefficients,
  contextToJson,
  type VerificationKey,
  verificationKeyToJson,
} from './trustees.ts';

const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,64}$/;

/** A place in a counting team; `index` counts from 1. */
export interface TrusteePlace {
  readonly uuid: string;
  readonly index: number;
  readonly size: number;
  readonly threshold: number;
}

/**
 * Draw a fresh seed and make the certificate (protocol.md §3; belenios-format §5.3 step 1).
 *
 * The certificate to post is in the state. Throws MalformedError.
 */
export function makeCertificate(
  group: Group,
  place: TrusteePlace,
  randomness: Randomness,
): TrusteeState {
  const { uuid, index, size, threshold } = place;
  checkThreshold(size, threshold);
  if (!UUID.test(uuid) || !Number.isInteger(index) || index < 1 || index > size) {
    throw new MalformedError('not a place in a counting team');
  }
  const seed = generateSeed(randomness);
  const keys = deriveTrusteeKeys(group, seed);
  const message = dumps({
    context: contextToJson({ group: group.name, size, threshold, index }),
    verification: group.elementToText(group.powerOfGenerator(keys.signing)),
    encryption: group.elementToText(group.powerOfGenerator(keys.decryption)),
  });
  const signed = signMessage(group, keys.signing, message, randomness);
  return {
    group: group.name,
    uuid,
    size,
    threshold,
    index,
    seed,
    certificate: signedMessageToText(signed),
    certificates: [],
    certificatesRoot: '',
    commitment: '',
    contribution: null,
    sealedShares: [],
    commitments: [],
    reveals: [],
    decryptionKey: null,
    verificationKey: '',
    confirmed: '',
    confirmation: '',
  };
}

/**
 * Check all certificates, draw the polynomial, commit to it (protocol.md §3, §11).
 *
 * `certificatesRoot` is T of the log's entries up to the last certificate. The commitment to post
 * is in the state. Throws TrusteeError or MalformedError.
 */
export function commit(
  state: TrusteeState,
  certificates: readonly string[],
  certificatesRoot: Uint8Array,
  randomness: Randomness,
): TrusteeState {
  const root = toHex(certificatesRoot);
  if (state.commitment !== '') {
    if (!sameTexts(state.certificates, certificates) || state.certificatesRoot !== root) {
      throw new MalformedError('this trustee has committed under other certificates');
    }
    return state;
  }
  checkOwn(state, certificates[state.index - 1] === state.certificate, certificates);
  const group = groupByName(state.group);
  const checked = verifyCertificates(group, certificates, state.threshold);
  const { signing } = deriveTrusteeKeys(group, state.seed);
  const polynomial = Array.from({ length: state.threshold }, () => nonzero(group, randomness));
  const elements = group.elementsToTexts(polynomial.map((each) => group.powerOfGenerator(each)));
  const signed = signMessage(group, signing, dumps({ coefexps: elements }), randomness);
  const message = certificatesMessage(checked, elements);
  const signature = signText(group, signing, message, randomness);
  const sealedShares = checked.map((recipient, place) => {
    const share = evaluateAt(group, polynomial, place + 1);
    const secret = dumps({ secret: share.toString() });
    return send(group, signing, recipient.encryption, secret, randomness);
  });
  return {
    ...state,
    certificates: [...certificates],
    certificatesRoot: root,
    commitment: commitmentTo(state.uuid, state.index, certificatesRoot, signed.message),
    contribution: {
      coefexps: signedMessageToText(signed),
      signature: dumps(proofToJson(signature)),
    },
    sealedShares,
  };
}

/** What a trustee posts when it reveals, and its shares for all, to be delivered privately. */
export interface Revealed {
  readonly state: TrusteeState;
  readonly contribution: Reveal;
  readonly sealedShares: readonly string[];
}

/**
 * Open the own commitment, once all are on the log (protocol.md §3).
 *
 * Gives what to post, and one sealed share for each trustee in order. Throws TrusteeError or
 * MalformedError.
 */
export function reveal(state: TrusteeState, commitments: readonly string[]): Revealed {
  const { contribution, sealedShares } = state;
  if (contribution === null) throw new MalformedError('a trustee commits before it reveals');
  if (state.commitments.length > 0 && !sameTexts(state.commitments, commitments)) {
    throw new MalformedError('this trustee has revealed after other commitments');
  }
  checkOwn(state, commitments[state.index - 1] === state.commitment, commitments);
  checkCommitments(commitments);
  return { state: { ...state, commitments: [...commitments] }, contribution, sealedShares };
}

/**
 * Check all reveals and the shares sent to this trustee; add up the key (§5.3 step 5).
 *
 * `sealedShares` are those addressed to this trustee, in order of their senders. The verification
 * key to post is in the state. Throws TrusteeError or MalformedError.
 */
export function makeKey(
  state: TrusteeState,
  reveals: readonly Reveal[],
  sealedShares: readonly string[],
  randomness: Randomness,
): TrusteeState {
  if (state.verificationKey !== '') {
    if (!sameReveals(state.reveals, reveals)) {
      throw new MalformedError('this trustee has made its key from other reveals');
    }
    return state;
  }
  if (state.contribution === null || state.commitments.length === 0) {
    throw new MalformedError('a trustee reveals before it makes its key');
  }
  const own = reveals.slice(state.index - 1, state.index);
  checkOwn(state, sameReveals(own, [state.contribution]), reveals);
  if (sealedShares.length !== state.size) {
    throw new MalformedError('there is one sealed share from each trustee');
  }
  const group = groupByName(state.group);
  const certificates = verifyCertificates(group, state.certificates, state.threshold);
  const seen = { ...state, reveals, certificatesRoot: fromHex(state.certificatesRoot) };
  const { coefficients } = verifyReveals(group, seen, certificates);
  const shares = sealedShares.map((sealed, place) =>
    openShare(group, state, place + 1, sealed, certificates, coefficients),
  );
  const key = group.reduce(shares.reduce((sum, share) => sum + share, 0n));
  const verificationKey = proveKey(group, state, key, randomness);
  verifyKey(group, certificates, coefficients, state.index, verificationKey);
  return {
    ...state,
    reveals: [...reveals],
    decryptionKey: key,
    verificationKey: dumps(verificationKeyToJson(group, verificationKey)),
  };
}

/**
 * Check that the log holds what this trustee saw, then sign phi (protocol.md §3, §11).
 *
 * `electionRoot` is T of the entries up to and with `election`. The confirmation to post is in the
 * state. Throws TrusteeError, MalformedError or ElectionMismatchError.
 */
export function confirm(
  state: TrusteeState,
  ceremony: Ceremony,
  election: Election,
  electionRoot: Uint8Array,
  randomness: Randomness,
): TrusteeState {
  const group = groupByName(state.group);
  if (election.group !== group || election.uuid !== state.uuid) {
    throw new ElectionMismatchError('this trustee made a key for another election');
  }
  const message = confirmationMessage(election.fingerprint, state.index, electionRoot);
  if (state.confirmation !== '') {
    if (state.confirmed !== message) {
      throw new MalformedError('this trustee has confirmed another election');
    }
    return state;
  }
  if (!sawCeremony(state, ceremony)) {
    throw new MalformedError('the log holds another ceremony than this trustee saw');
  }
  checkOwn(state, ceremony.keys[state.index - 1] === state.verificationKey, ceremony.keys);
  const team = verifyCeremony(group, ceremony);
  if (!group.equals(election.publicKey, electionKey(group, [team]))) {
    throw new ElectionMismatchError('the election key is not that of the ceremony');
  }
  const { signing } = deriveTrusteeKeys(group, state.seed);
  const signed = signMessage(group, signing, message, randomness);
  return { ...state, confirmed: message, confirmation: signedMessageToText(signed) };
}

/**
 * Open one sum an election: this trustee's partial decryption with both proofs (protocol.md §3).
 *
 * The caller has verified the whole board, and stores the answer before it is sent. Given
 * `opened`, the same bytes come back, and no other board is ever opened: the difference of two
 * sums could be a single ballot. `electionRoot` is T of the entries up to and with `election`.
 * Throws MalformedError when there is no key yet, or another board was opened;
 * ElectionMismatchError for an election that this trustee has not confirmed.
 */
export function openSum(
  state: TrusteeState,
  opened: OpenedSum | null,
  statement: Statement,
  electionRoot: Uint8Array,
  randomness: Randomness,
  onProgress?: OnProgress,
): OpenedSum {
  const { election, trustee, boardRoot } = statement;
  const confirmed = confirmationMessage(election.fingerprint, state.index, electionRoot);
  if (trustee !== state.index || state.confirmation === '' || state.confirmed !== confirmed) {
    throw new ElectionMismatchError('this trustee has not confirmed this election');
  }
  if (opened !== null) {
    if (opened.closingRoot !== toHex(boardRoot)) {
      throw new MalformedError('this trustee has opened another board');
    }
    return opened;
  }
  if (state.decryptionKey === null) throw new MalformedError('this trustee has made no key');
  const made = decryptPartially(statement, state.decryptionKey, randomness, onProgress);
  return {
    closingRoot: toHex(boardRoot),
    partialDecryption: made.text,
    ...proofToJson(made.secondProof),
  };
}

function checkOwn(state: TrusteeState, isInPlace: boolean, all: readonly unknown[]): void {
  if (all.length !== state.size || !isInPlace) {
    throw new MalformedError("this trustee's own contribution is not in its place");
  }
}

function sawCeremony(state: TrusteeState, ceremony: Ceremony): boolean {
  return (
    sameTexts(state.certificates, ceremony.certificates) &&
    state.certificatesRoot === toHex(ceremony.certificatesRoot) &&
    sameTexts(state.commitments, ceremony.commitments) &&
    sameReveals(state.reveals, ceremony.reveals) &&
    state.uuid === ceremony.uuid &&
    state.threshold === ceremony.threshold
  );
}

function openShare(
  group: Group,
  state: TrusteeState,
  sender: number,
  sealed: string,
  certificates: readonly Certificate[],
  coefficients: readonly Coefficients[],
): bigint {
  return naming(sender, () => {
    const keys = deriveTrusteeKeys(group, state.seed);
    const { verification } = ofTrustee(certificates, sender);
    const message = receive(group, keys, verification, sealed);
    const [text] = fields(loads(message), ['secret']);
    requireExact(message, { secret: text });
    const share = group.scalarFromText(textField(text));
    const { elements } = ofTrustee(coefficients, sender);
    const expected = evaluate(group, elements, state.index);
    if (!group.equals(group.powerOfGenerator(share), expected)) {
      throw new ProofError('the share does not follow from the commitments');
    }
    return share;
  });
}

function proveKey(
  group: Group,
  state: TrusteeState,
  key: bigint,
  randomness: Randomness,
): VerificationKey {
  const publicKey = group.powerOfGenerator(key);
  const prefix = knowledgePrefix(group, publicKey);
  const { signing } = deriveTrusteeKeys(group, state.seed);
  return {
    publicKey,
    proofOfKnowledge: proveKnowledge(group, key, drawScalar(group, randomness), prefix),
    signature: signText(group, signing, group.elementToText(publicKey), randomness),
  };
}

function evaluateAt(group: Group, polynomial: readonly bigint[], point: number): bigint {
  return polynomial.reduceRight(
    (value, coefficient) => group.reduce(value * BigInt(point) + coefficient),
    0n,
  );
}

function nonzero(group: Group, randomness: Randomness): bigint {
  // A zero coefficient would be revealed by its commitment; its probability is 2^-252.
  for (;;) {
    const scalar = drawScalar(group, randomness);
    if (scalar !== 0n) return scalar;
  }
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, place) => text === right[place]);
}

function sameReveals(left: readonly Reveal[], right: readonly Reveal[]): boolean {
  return sameTexts(left.map(textOfReveal), right.map(textOfReveal));
}

function textOfReveal({ coefexps, signature }: Reveal): string {
  return dumps([coefexps, signature]);
}
