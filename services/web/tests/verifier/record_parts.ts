/**
 * The parts of a small record that are made before voting: people, keys, ceremony, terms.
 *
 * Three trustees of whom two open, seven members, three nominations with the three bases, as in
 * tests/fixtures/record_parts.py; made by the client's own crypto and schemas.
 */

import {
  constants,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign as signBytes,
} from 'node:crypto';

import { noteKeyOf, noteKeyToText, type NoteSigner } from '../../src/crypto/checkpoints.ts';
import { bytesOfText, joinBytes, toBase64Url, toHex } from '../../src/crypto/encodings.ts';
import { groupByName } from '../../src/crypto/groups/index.ts';
import { leafHash, treeRoot } from '../../src/crypto/merkle.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import { signedMessageToText, signMessage } from '../../src/crypto/sealed_messages.ts';
import { commit, makeCertificate, makeKey, reveal } from '../../src/crypto/trustee_device.ts';
import type { TrusteeState } from '../../src/crypto/trustee_state.ts';
import { encode } from '../../src/schemas/canonical.ts';
import { encodeEntry, type Entry } from '../../src/schemas/entries.ts';
import type { AttendanceState, GroupName } from '../../src/schemas/fields.ts';
import type { Attendance, Roster } from '../../src/schemas/roster.ts';
import type { Rule } from '../../src/schemas/rules.ts';
import type { Terms } from '../../src/schemas/terms.ts';
import { sha256HexOf, sha256HexOfText } from '../../src/verifier/evidence.ts';

export const UUID = 'PhieuKinTest14';
export const THRESHOLD = 2;
export const LATE_MEMBER = 6;
const TRUSTEES = 3;
const PASSKEY_MEMBER = 2;
const LOG_ORIGIN = 'bau.example.vn';
const ORIGIN = 'https://bau.example.vn';
export const STATES: readonly AttendanceState[] = [
  'present',
  'present',
  'present',
  'present',
  'present',
  'online',
  'absent',
];
const [AGREE, DISAGREE, BLANK] = [
  [1, 0],
  [0, 1],
  [0, 0],
] as const;
export const MARKS = [
  [AGREE, AGREE, DISAGREE],
  [AGREE, AGREE, AGREE],
  [AGREE, DISAGREE, BLANK],
  [AGREE, AGREE, BLANK],
  [DISAGREE, AGREE, DISAGREE],
] as const;
export const LOG_SIGNER: NoteSigner = {
  name: `${LOG_ORIGIN}/${UUID}`,
  seed: new Uint8Array(32).fill(1),
};
export const BOX_SIGNER: NoteSigner = {
  name: `${LOG_ORIGIN}/${UUID}/box`,
  seed: new Uint8Array(32).fill(2),
};

const TOKEN_KEY = generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 65537 });
const DEVICE_KEYS = STATES.map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));

/** The issuer's public key, DER. */
export const TOKEN_SPKI = joinBytes(
  TOKEN_KEY.publicKey.export({ type: 'spki', format: 'der' }),
);

/** The issuer signs a blinded message: RSA without padding. */
export function blindSign(blinded: Uint8Array): Uint8Array {
  const key = { key: TOKEN_KEY.privateKey, padding: constants.RSA_NO_PADDING };
  return joinBytes(privateEncrypt(key, blinded));
}

/** The one at a place that a test knows to be there. */
export function at<Item>(items: readonly Item[], place: number): Item {
  const item = items.at(place);
  if (item === undefined) throw new RangeError(`nothing at ${place}`);
  return item;
}

/** How an issuance keeps the signature of a member's device. */
export function deviceSignature(member: number, signed: Uint8Array) {
  const { privateKey } = at(DEVICE_KEYS, member - 1);
  if (member !== PASSKEY_MEMBER) return { signature: toBase64Url(ecdsa(privateKey, signed)) };
  const challenge = toBase64Url(hashOf(signed));
  const data = { type: 'webauthn.get', challenge, origin: ORIGIN, crossOrigin: false };
  const clientData = bytesOfText(JSON.stringify(data));
  const authenticatorData = joinBytes(
    hashOf(bytesOfText(LOG_ORIGIN)),
    Uint8Array.of(0x05, 0, 0, 0, 0),
  );
  const signature = ecdsa(privateKey, joinBytes(authenticatorData, hashOf(clientData)));
  return {
    signature: toBase64Url(signature),
    authenticator_data: toBase64Url(authenticatorData),
    client_data: toBase64Url(clientData),
  };
}

function ecdsa(key: KeyObject, signed: Uint8Array): Uint8Array {
  return joinBytes(signBytes('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }));
}

function hashOf(data: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.from(sha256HexOf(data), 'hex'));
}

/** The text of a Belenios signed_msg by that exponent. */
export function sign(groupName: GroupName, secret: bigint, message: string): string {
  return signedMessageToText(
    signMessage(groupByName(groupName), secret, message, systemRandomness),
  );
}

export const ROSTER: Roster = {
  salt: toBase64Url(new Uint8Array(32).fill(3)),
  members: STATES.map((_, place) => ({
    no: place + 1,
    name: `Thành viên ${place + 1}`,
    position: 'Giám đốc',
    council_role: 'Ủy viên',
    key: {
      kind: place + 1 === PASSKEY_MEMBER ? 'passkey' : 'device',
      spki: toBase64Url(
        joinBytes(at(DEVICE_KEYS, place).publicKey.export({ type: 'spki', format: 'der' })),
      ),
    },
  })),
};

export const ATTENDANCE: Attendance = {
  salt: toBase64Url(new Uint8Array(32).fill(4)),
  members: STATES.map((state, place) => ({ no: place + 1, state })),
};

/** The bytes of a file of the record. */
export function fileOf(value: Roster | Attendance): Uint8Array {
  return encode(value);
}

/** The trustees' devices after the ceremony, and its entries. */
export interface MadeCeremony {
  readonly states: readonly TrusteeState[];
  readonly entries: readonly Entry[];
}

const held = new Map<GroupName, MadeCeremony>();

/** The key ceremony as three devices play it; made once a group. */
export function ceremony(groupName: GroupName): MadeCeremony {
  const made = held.get(groupName) ?? holdCeremony(groupName);
  held.set(groupName, made);
  return made;
}

function holdCeremony(groupName: GroupName): MadeCeremony {
  const [group, draw] = [groupByName(groupName), systemRandomness];
  const place = { uuid: UUID, size: TRUSTEES, threshold: THRESHOLD };
  const fresh = Array.from({ length: TRUSTEES }, (_, index) =>
    makeCertificate(group, { ...place, index: index + 1 }, draw),
  );
  const certificates = fresh.map(({ certificate }) => certificate);
  const entries: Entry[] = fresh.map(({ index, certificate }) => ({
    type: 'ceremony_certificate',
    index,
    certificate,
  }));
  const root = treeRoot(entries.map((entry) => leafHash(encodeEntry(entry))));
  const committed = fresh.map((state) => commit(state, certificates, root, draw));
  const commitments = committed.map(({ commitment }) => commitment);
  const revealed = committed.map((state) => reveal(state, commitments));
  const reveals = revealed.map(({ contribution }) => contribution);
  const states = revealed.map(({ state }, own) => {
    const shares = revealed.map(({ sealedShares }) => at(sealedShares, own));
    return makeKey(state, reveals, shares, draw);
  });
  entries.push(
    ...committed.map(
      ({ index, commitment }) => ({ type: 'ceremony_commitment', index, commitment }) as const,
    ),
    ...reveals.map((each, own) => ({ type: 'ceremony_reveal', index: own + 1, ...each }) as const),
    ...states.map(
      ({ index, verificationKey }) =>
        ({ type: 'ceremony_key', index, verification_key: verificationKey }) as const,
    ),
  );
  return { states, entries };
}

const RULES: readonly Rule[] = [
  { share: '60%', comparator: 'at_least', base: 'all_members', citation: 'Điều 5 Quy chế' },
  { share: '50%', comparator: 'more_than', base: 'present_members', citation: 'Điều 6' },
  { share: '2/3', comparator: 'at_least', base: 'ballots_returned', citation: 'Điều 7' },
];

/** The terms over the entries of a ceremony. */
export function makeTerms(groupName: GroupName, made: readonly Entry[]): Terms {
  const certificates = made.flatMap((each) => (each.type === 'ceremony_certificate' ? [each] : []));
  return {
    type: 'terms',
    version: 1,
    uuid: UUID,
    method: 'secret',
    group: groupName,
    ballot_number: 1,
    council: {
      name: 'Hội đồng Thi đua - Khen thưởng tỉnh Lam Giang',
      issuer: { parent_line: 'UBND TỈNH', issuer_line: 'HỘI ĐỒNG', symbol: 'HĐTĐKT' },
    },
    meeting: {
      id: '0'.repeat(32),
      kind: 'regular',
      title: 'Họp Hội đồng xét khen thưởng năm 2026',
      starts_at: '2026-11-20T08:00:00+07:00',
      venue: 'Hội trường A',
      presiding: 1,
      minute_taker: 4,
    },
    members: STATES.length,
    roster_commitment: sha256HexOf(fileOf(ROSTER)),
    nominations: RULES.map((rule, place) => ({
      no: place + 1,
      kind: 'individual',
      name: `Nguyễn Văn ${place + 1}`,
      unit: '',
      award: 'Bằng khen',
      rule,
    })),
    quorum: { share: '2/3', base: 'all_members' },
    minimum_ballots: 5,
    late_issuance: true,
    counting_team: {
      trustee_threshold: THRESHOLD,
      trustees: certificates.map(({ index, certificate }) => ({
        index,
        member: index,
        name: `Thành viên ${index}`,
        certificate: sha256HexOfText(certificate),
      })),
    },
    ceremony_size: made.length,
    ceremony_root: toHex(treeRoot(made.map((entry) => leafHash(encodeEntry(entry))))),
    rp_id: LOG_ORIGIN,
    origins: [ORIGIN],
    log_origin: LOG_ORIGIN,
    log_key: noteKeyToText(noteKeyOf(LOG_SIGNER)),
    box_key: noteKeyToText(noteKeyOf(BOX_SIGNER)),
    token_keys: [{ issuer: 'Hội đồng', spki: toBase64Url(TOKEN_SPKI) }],
  };
}
