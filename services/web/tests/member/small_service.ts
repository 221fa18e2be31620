/**
 * Registrar, box and board of one election in memory, for phones under test: they check what the
 * service checks, by the client's own crypto, and remember everything that reached them.
 */
import { ProblemError } from '../../src/api/client.ts';
import { verifyBallot } from '../../src/crypto/ballots.ts';
import { parseToken, parseTokenKey, verifyToken } from '../../src/crypto/blind_tokens.ts';
import { castingLength, parseCastingBody } from '../../src/crypto/casting.ts';
import {
  parseNoteKey,
  signCheckpoint,
  signPromise,
  verifyPromise,
} from '../../src/crypto/checkpoints.ts';
import {
  hashOfBlindedMessages,
  issueMessage,
  verifyDeviceSignature,
} from '../../src/crypto/device_keys.ts';
import { type Election, parseElection } from '../../src/crypto/elections.ts';
import { fromBase64Url, joinBytes, toBase64Url, toHex } from '../../src/crypto/encodings.ts';
import { ED25519 } from '../../src/crypto/groups/ed25519.ts';
import { leafHash, treeHead } from '../../src/crypto/merkle.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import { parseSignedMessage } from '../../src/crypto/sealed_messages.ts';
import type { CallDesk } from '../../src/member/ballot_client.ts';
import type { BallotCall } from '../../src/member/ballot_calls.ts';
import { BallotDesk } from '../../src/member/ballot_desk.ts';
import type { IssuanceRequest } from '../../src/member/ballot_custody.ts';
import { electionJson } from '../../src/schemas/election_json.ts';
import { encodeEntry, type Entry } from '../../src/schemas/entries.ts';
import type { Terms } from '../../src/schemas/terms.ts';
import {
  blindSign,
  BOX_SIGNER,
  ceremony,
  deviceSignature,
  fileOf,
  LOG_SIGNER,
  makeTerms,
  ROSTER,
  TOKEN_SPKI,
  UUID,
} from '../verifier/record_parts.ts';

export const MEMBER = 3;
export const KEY = { uuid: UUID, member: MEMBER };
export const ORIGIN = 'https://bau.example.vn';
export const RP_ID = 'bau.example.vn';

const COUNTS = {
  at: '2026-11-20T09:00:00+07:00',
  members: 7,
  present: 6,
  online: 1,
  absent_consulted: 0,
};

/** The election key that the ceremony of the tests makes. */
export function keyOfTeam(): string {
  const shared = ceremony('Ed25519').entries.flatMap((entry) =>
    entry.type === 'ceremony_reveal' ? [coefficientsOf(entry.coefexps)[0] ?? ''] : [],
  );
  return ED25519.elementToText(ED25519.product(shared.map((text) => ED25519.elementFromText(text))));
}

function coefficientsOf(coefexps: string): string[] {
  const { message } = parseSignedMessage(ED25519, coefexps);
  return (JSON.parse(message) as { coefexps: string[] }).coefexps;
}

/** The device key of a member, as its own phone knows it. */
export function spkiOfMember(member: number): string {
  return ROSTER.members[member - 1]?.key?.spki ?? '';
}

/** A desk in this thread: what the worker does, without the worker. */
export function deskHere(desk = new BallotDesk(systemRandomness)): CallDesk {
  const acts = desk as unknown as Record<BallotCall, (...given: unknown[]) => unknown>;
  return (async (name: BallotCall, input: unknown, onProgress: unknown) =>
    acts[name](input, onProgress)) as CallDesk;
}

export function refusal(problem: string, status = 409): ProblemError {
  return new ProblemError(status, problem, { vi: problem, en: problem }, {});
}

export class SmallService {
  readonly election: Election;
  readonly terms: Terms;
  readonly published: readonly Entry[];
  /** Every blinded message that was signed, by its hash. */
  readonly issued = new Set<string>();
  /** Every casting body that was accepted, hex. */
  readonly accepted = new Map<string, string>();
  /** Every casting body that arrived, accepted or not. */
  readonly arrived: string[] = [];
  readonly claims: string[] = [];
  isConfirmed = false;
  isClosed = false;
  isIssuingOver = false;
  /** Leaves out this many accepted ballots at closing, as a box that drops ballots would. */
  dropped = 0;

  constructor(change: (terms: Terms) => Terms = (terms) => terms) {
    const made = ceremony('Ed25519').entries;
    this.terms = change(makeTerms('Ed25519', made));
    this.election = parseElection(electionJson(this.terms, keyOfTeam()));
    const election = { type: 'election', election: this.election.text } as const;
    this.published = [...made, this.terms, election];
  }

  async download(path: string): Promise<Uint8Array> {
    if (path.endsWith('/board/roster')) return fileOf(ROSTER);
    return linesOf(this.published);
  }

  async post(path: string, body: unknown): Promise<unknown> {
    if (path.endsWith('/confirmation')) {
      this.isConfirmed = true;
      return undefined;
    }
    return this.#issue(body as IssuanceRequest);
  }

  sign(message: Uint8Array<ArrayBuffer>): { signature: string } {
    return deviceSignature(MEMBER, message);
  }

  async send(body: Uint8Array): Promise<string> {
    const text = toHex(body);
    this.arrived.push(text);
    const content = parseCastingBody(body, castingLength(this.election));
    const ballot = verifyBallot(this.election, content.ballot);
    const promise = () =>
      JSON.stringify({
        promise: signPromise(
          { uuid: UUID, phi: this.election.fingerprint, tracker: ballot.tracker },
          BOX_SIGNER,
        ),
      });
    if (this.accepted.get(ballot.credential) === text) return promise();
    if (this.isClosed) throw refusal('wrong-state');
    const key = await parseTokenKey(TOKEN_SPKI);
    const { fingerprint } = this.election;
    await verifyToken(key, fingerprint, ballot.credential, parseToken(content.token[0] ?? ''));
    if (this.accepted.has(ballot.credential)) throw refusal('token-spent');
    this.accepted.set(ballot.credential, text);
    return promise();
  }

  async read(path: string): Promise<string> {
    const [open, sealed] = [this.#opened(), this.#sealed()];
    if (path.endsWith('/checkpoints/opening')) return checkpointOf(open);
    if (path.endsWith('/leaves')) return leafList(this.isClosed ? sealed : open);
    if (!this.isClosed) throw refusal('checkpoint-not-found', 404);
    return checkpointOf(sealed);
  }

  async claim(promise: string): Promise<void> {
    verifyPromise(promise, parseNoteKey(this.terms.box_key));
    this.claims.push(promise);
  }

  /** The log when voting starts; nobody here looks into the confirmations. */
  #opened(): Entry[] {
    const confirmations = this.terms.counting_team.trustees.map(
      ({ index }) => ({ type: 'trustee_confirms', index, confirmation: '{}' }) as const,
    );
    return [...this.published, ...confirmations, { type: 'voting_opened', ...COUNTS, issued: 5 }];
  }

  #sealed(): Entry[] {
    const bodies = [...this.accepted.values()].slice(this.dropped);
    const ballots = bodies.map((body) => {
      const bytes = Uint8Array.from(Buffer.from(body, 'hex'));
      return { type: 'ballot', ...parseCastingBody(bytes, castingLength(this.election)) } as const;
    });
    const closed: Entry = {
      type: 'closed',
      ...COUNTS,
      issued: 5,
      late: 0,
      returned: ballots.length,
      attendance_commitment: '0'.repeat(64),
      token_keys_deleted: true,
    };
    return [...this.#opened(), ...ballots, closed];
  }

  async #issue(request: IssuanceRequest): Promise<{ blind_signatures: string[] }> {
    const blinded = request.blinded.map(fromBase64Url);
    const hash = hashOfBlindedMessages(blinded);
    const message = issueMessage(this.election.fingerprint, MEMBER, hash);
    await verifyDeviceSignature(
      fromBase64Url(spkiOfMember(MEMBER)),
      message,
      fromBase64Url(request.signature),
    );
    if (!this.issued.has(hash) && this.issued.size > 0) throw refusal('already-issued');
    if (this.isIssuingOver) throw refusal('wrong-state');
    this.issued.add(hash);
    return { blind_signatures: blinded.map((each) => toBase64Url(blindSign(each))) };
  }
}

function leavesOf(entries: readonly Entry[]): Uint8Array[] {
  return entries.map((entry) => leafHash(encodeEntry(entry)));
}

function leafList(entries: readonly Entry[]): string {
  return leavesOf(entries).map((leaf) => `${toHex(leaf)}\n`).join('');
}

/** A checkpoint of the log that ends with these entries. */
export function checkpointOf(entries: readonly Entry[]): string {
  const head = treeHead(leavesOf(entries));
  return signCheckpoint({ origin: LOG_SIGNER.name, head }, LOG_SIGNER);
}

export function linesOf(entries: readonly Entry[]): Uint8Array {
  const lines = entries.map((entry) => encodeEntry(entry));
  return joinBytes(...lines.flatMap((line) => [line, Uint8Array.of(0x0a)]));
}
