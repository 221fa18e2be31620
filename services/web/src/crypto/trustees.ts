/**
 * The counting team as Belenios writes it: certificates, coefficients, keys (belenios-format §5).
 *
 * Threshold parameters are written in the form of belenios-tool 3.3 and read in those of 2.0 and
 * 2.5 as well. Nothing is verified here but form, membership and range: see
 * `trustee_verification`.
 */

import {
  dumps,
  fields,
  integerField,
  listField,
  loads,
  requireExact,
  textField,
} from './belenios_json.ts';
import { MalformedError } from './errors.ts';
import type { Element, Group } from './groups/index.ts';
import { parseProof, type Proof, proofToJson } from './proofs.ts';
import {
  parseSignedMessage,
  readSignedMessage,
  type SignedMessage,
  signedMessageToJson,
} from './sealed_messages.ts';

/** No team that is read is larger. */
export const MAX_TRUSTEES = 20;
/** No text of trustees that is read is longer. */
export const MAX_TRUSTEES_CHARACTERS = 4_000_000;

/** What a certificate is for (2.5 and later); `index` counts from 1. */
export interface Context {
  readonly group: string;
  readonly size: number;
  readonly threshold: number;
  readonly index: number;
}

/** A trustee's public keys, signed by the first of them; `context` is null in 2.0. */
export interface Certificate {
  readonly signed: SignedMessage;
  readonly context: Context | null;
  readonly verification: Element;
  readonly encryption: Element;
}

/** A trustee's `coefexps`: commitments to the coefficients of its polynomial. */
export interface Coefficients {
  readonly signed: SignedMessage;
  readonly elements: readonly Element[];
}

/** A `trustee_public_key`; its `signature` is null outside of a threshold team of 3.0+. */
export interface VerificationKey {
  readonly publicKey: Element;
  readonly proofOfKnowledge: Proof;
  readonly signature: Proof | null;
}

/** A Pedersen item: any `threshold` of its members decrypt; `signatures` is null in 2.0. */
export interface ThresholdTeam {
  readonly kind: 'threshold';
  readonly threshold: number;
  readonly certificates: readonly Certificate[];
  readonly coefficients: readonly Coefficients[];
  readonly signatures: readonly Proof[] | null;
  readonly verificationKeys: readonly VerificationKey[];
}

/** A mandatory trustee. */
export interface SingleTrustee {
  readonly kind: 'single';
  readonly verificationKey: VerificationKey;
}

/** One item of an archive's `trustees`. */
export type TrusteeItem = SingleTrustee | ThresholdTeam;
/** An archive's `trustees`. */
export type Trustees = readonly TrusteeItem[];

/** The JSON value of a context, its fields in Belenios' order. */
export function contextToJson({ group, size, threshold, index }: Context): object {
  return { group, size, threshold, index };
}

/** Read the exact bytes of a certificate, unverified. Throws MalformedError, MembershipError. */
export function parseCertificate(group: Group, text: string): Certificate {
  return certificateOf(group, parseSignedMessage(group, text));
}

/** Read signed `coefexps`: one element a coefficient, none neutral. Throws CryptoError. */
export function parseCoefficients(
  group: Group,
  signed: SignedMessage,
  threshold: number,
): Coefficients {
  const [texts] = fields(loads(signed.message), ['coefexps']);
  requireExact(signed.message, { coefexps: texts });
  const elements = listField(texts, threshold).map((text) =>
    group.elementFromText(textField(text)),
  );
  for (const element of elements) group.refuseIdentity(element);
  return { signed, elements };
}

/** Read the exact bytes of a `trustee_public_key`, unverified. Throws CryptoError. */
export function parseVerificationKey(group: Group, text: string): VerificationKey {
  const key = readVerificationKey(group, loads(text));
  requireExact(text, verificationKeyToJson(group, key));
  return key;
}

/** Lay a `trustee_public_key` out in Belenios' order (belenios-format §5.1). */
export function verificationKeyToJson(group: Group, key: VerificationKey): object {
  return {
    pok: proofToJson(key.proofOfKnowledge),
    public_key: group.elementToText(key.publicKey),
    ...(key.signature === null ? {} : { signature: proofToJson(key.signature) }),
  };
}

/** Write the exact bytes of an archive's `trustees` (belenios-format §5). */
export function trusteesToText(group: Group, trustees: Trustees): string {
  return dumps(
    trustees.map((item) =>
      item.kind === 'single'
        ? ['Single', verificationKeyToJson(group, item.verificationKey)]
        : ['Pedersen', teamToJson(group, item)],
    ),
  );
}

/**
 * Read the exact bytes of an archive's `trustees`, of 2.0, 2.5 or 3.3; unverified.
 *
 * Throws MalformedError, MembershipError or ScalarRangeError.
 */
export function parseTrustees(group: Group, text: string): Trustees {
  if (text.length > MAX_TRUSTEES_CHARACTERS) {
    throw new MalformedError('the trustees are too long');
  }
  const items = listField(loads(text));
  if (items.length < 1 || items.length > MAX_TRUSTEES) {
    throw new MalformedError('an election has one trustee or more, within the limit');
  }
  const trustees = items.map((item) => readItem(group, item));
  if (trusteesToText(group, trustees) !== text) {
    throw new MalformedError('not the canonical bytes of trustees');
  }
  return trustees;
}

function certificateOf(group: Group, signed: SignedMessage): Certificate {
  const value = loads(signed.message);
  const [verification, encryption, context] = fields(
    value,
    ['verification', 'encryption'],
    ['context'],
  );
  const head = context === undefined ? {} : { context };
  requireExact(signed.message, { ...head, verification, encryption });
  return {
    signed,
    context: context === undefined ? null : readContext(context),
    verification: group.elementFromText(textField(verification)),
    encryption: group.elementFromText(textField(encryption)),
  };
}

function readContext(value: unknown): Context {
  const [group, size, threshold, index] = fields(value, ['group', 'size', 'threshold', 'index']);
  const context: Context = {
    group: textField(group),
    size: integerField(size),
    threshold: integerField(threshold),
    index: integerField(index),
  };
  if (dumps(contextToJson(context)) !== dumps(value)) {
    throw new MalformedError('the fields of a context stand in another order');
  }
  return context;
}

function readVerificationKey(group: Group, value: unknown): VerificationKey {
  const [proof, publicKey, signature] = fields(value, ['pok', 'public_key'], ['signature']);
  return {
    publicKey: group.elementFromText(textField(publicKey)),
    proofOfKnowledge: parseProof(group, proof),
    signature: signature === undefined ? null : parseProof(group, signature),
  };
}

function teamToJson(group: Group, team: ThresholdTeam): object {
  return {
    threshold: team.threshold,
    certs: team.certificates.map((each) => signedMessageToJson(each.signed)),
    coefexps: team.coefficients.map((each) => signedMessageToJson(each.signed)),
    ...(team.signatures === null ? {} : { signatures: team.signatures.map(proofToJson) }),
    verification_keys: team.verificationKeys.map((key) => verificationKeyToJson(group, key)),
  };
}

function readItem(group: Group, item: unknown): TrusteeItem {
  const [kind, value] = listField(item, 2);
  if (kind === 'Single') {
    return { kind: 'single', verificationKey: readVerificationKey(group, value) };
  }
  if (kind !== 'Pedersen') throw new MalformedError('a trustee item is Single or Pedersen');
  const team = readTeam(group, value);
  checkOneForm(team);
  return team;
}

function readTeam(group: Group, value: unknown): ThresholdTeam {
  const [most, certificates, coefficients, keys, signatures] = fields(
    value,
    ['threshold', 'certs', 'coefexps', 'verification_keys'],
    ['signatures'],
  );
  const [threshold, size] = [integerField(most), listField(certificates).length];
  if (threshold < 1 || threshold > size || size > MAX_TRUSTEES) {
    throw new MalformedError('a threshold is at least 1 and no more than the trustees');
  }
  return {
    kind: 'threshold',
    threshold,
    certificates: listField(certificates).map((each) =>
      certificateOf(group, readSignedMessage(group, each)),
    ),
    coefficients: listField(coefficients, size).map((each) =>
      parseCoefficients(group, readSignedMessage(group, each), threshold),
    ),
    signatures:
      signatures === undefined
        ? null
        : listField(signatures, size).map((each) => parseProof(group, each)),
    verificationKeys: listField(keys, size).map((each) => readVerificationKey(group, each)),
  };
}

function checkOneForm(team: ThresholdTeam): void {
  // 2.0 has none of the three, 2.5 the first two, 3.3 all: a part left out would go unchecked.
  const withContext = team.certificates.filter((each) => each.context !== null).length;
  const withSignature = team.verificationKeys.filter((each) => each.signature !== null).length;
  const size = team.certificates.length;
  const isMixed =
    team.signatures === null
      ? withContext > 0 || withSignature > 0
      : withContext < size || (withSignature > 0 && withSignature < size);
  if (isMixed) {
    throw new MalformedError('threshold parameters mix the forms of 2.0, 2.5 and 3.3');
  }
}
