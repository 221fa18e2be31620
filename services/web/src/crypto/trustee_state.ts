/**
 * What a trustee's device keeps between the steps of `trustee_device`, and how it is written.
 *
 * The text is that of the offline program (crypto/trustee_device.py), so that a state can be moved
 * from one to the other. It is secret: the caller seals it before it is stored.
 */

import { dumps, fields, integerField, listField, loads, textField } from './belenios_json.ts';
import type { Reveal } from './ceremony.ts';
import { groupByName } from './groups/index.ts';

/**
 * All that a trustee's device keeps between steps; secret, and empty where not yet made.
 *
 * `contribution` and `sealedShares` leave the device only by `reveal`. `certificatesRoot` is hex.
 */
export interface TrusteeState {
  readonly group: string;
  readonly uuid: string;
  readonly size: number;
  readonly threshold: number;
  readonly index: number;
  readonly seed: string;
  readonly certificate: string;
  readonly certificates: readonly string[];
  readonly certificatesRoot: string;
  readonly commitment: string;
  readonly contribution: Reveal | null;
  readonly sealedShares: readonly string[];
  readonly commitments: readonly string[];
  readonly reveals: readonly Reveal[];
  readonly decryptionKey: bigint | null;
  readonly verificationKey: string;
  readonly confirmed: string;
  readonly confirmation: string;
}

/** What a device publishes once and keeps: bound to the root of the closing checkpoint (hex). */
export interface OpenedSum {
  readonly closingRoot: string;
  readonly partialDecryption: string;
  readonly challenge: string;
  readonly response: string;
}

const STATE_FIELDS = [
  'group',
  'uuid',
  'size',
  'threshold',
  'index',
  'seed',
  'certificate',
  'certificates',
  'certificates_root',
  'commitment',
  'contribution',
  'sealed_shares',
  'commitments',
  'reveals',
  'decryption_key',
  'verification_key',
  'confirmed',
  'confirmation',
] as const;
const OPENED_FIELDS = ['closing_root', 'partial_decryption', 'challenge', 'response'];

/** Write a state as JSON, the key in decimal text. */
export function stateToText(state: TrusteeState): string {
  const { decryptionKey } = state;
  return dumps({
    group: state.group,
    uuid: state.uuid,
    size: state.size,
    threshold: state.threshold,
    index: state.index,
    seed: state.seed,
    certificate: state.certificate,
    certificates: state.certificates,
    certificates_root: state.certificatesRoot,
    commitment: state.commitment,
    contribution: state.contribution,
    sealed_shares: state.sealedShares,
    commitments: state.commitments,
    reveals: state.reveals,
    decryption_key: decryptionKey === null ? null : decryptionKey.toString(),
    verification_key: state.verificationKey,
    confirmed: state.confirmed,
    confirmation: state.confirmation,
  } satisfies Record<(typeof STATE_FIELDS)[number], unknown>);
}

/** Read a stored state. Throws MalformedError, or ScalarRangeError for an impossible key. */
export function stateFromText(text: string): TrusteeState {
  const value = loads(text);
  fields(value, STATE_FIELDS);
  const stored = value as Record<(typeof STATE_FIELDS)[number], unknown>;
  const group = textField(stored.group);
  const { contribution, decryption_key: key } = stored;
  return {
    group,
    uuid: textField(stored.uuid),
    size: integerField(stored.size),
    threshold: integerField(stored.threshold),
    index: integerField(stored.index),
    seed: textField(stored.seed),
    certificate: textField(stored.certificate),
    certificates: textsOf(stored.certificates),
    certificatesRoot: textField(stored.certificates_root),
    commitment: textField(stored.commitment),
    contribution: contribution === null ? null : readReveal(contribution),
    sealedShares: textsOf(stored.sealed_shares),
    commitments: textsOf(stored.commitments),
    reveals: listField(stored.reveals).map(readReveal),
    decryptionKey: key === null ? null : groupByName(group).scalarFromText(textField(key)),
    verificationKey: textField(stored.verification_key),
    confirmed: textField(stored.confirmed),
    confirmation: textField(stored.confirmation),
  };
}

/** Write an opened sum as JSON. */
export function openedSumToText(opened: OpenedSum): string {
  return dumps({
    closing_root: opened.closingRoot,
    partial_decryption: opened.partialDecryption,
    challenge: opened.challenge,
    response: opened.response,
  });
}

/** Read a stored opened sum. Throws MalformedError. */
export function openedSumFromText(text: string): OpenedSum {
  const [closingRoot, partialDecryption, challenge, response] = fields(loads(text), OPENED_FIELDS);
  return {
    closingRoot: textField(closingRoot),
    partialDecryption: textField(partialDecryption),
    challenge: textField(challenge),
    response: textField(response),
  };
}

function textsOf(value: unknown): string[] {
  return listField(value).map(textField);
}

function readReveal(value: unknown): Reveal {
  const [coefexps, signature] = fields(value, ['coefexps', 'signature']);
  return { coefexps: textField(coefexps), signature: textField(signature) };
}
