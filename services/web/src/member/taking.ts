/**
 * Taking a ballot (protocol.md §4): check, draw, store, sign, store, ask, store, confirm. It goes
 * on wherever it was left, with the very same request.
 */
import { ProblemError, request as askService, requestBytes } from '../api/client.ts';
import { issueMessage } from '../crypto/device_messages.ts';
import type { Identity } from '../device/database.ts';
import { type DeviceSignature, signMessage } from '../device/device_key.ts';
import { currentAccount } from '../device/login.ts';
import { serviceSettings } from '../device/service_settings.ts';
import {
  type AskingBallot,
  type BallotKey,
  type BallotRecord,
  giveUpAsking,
  type HeldBallot,
  keepAsking,
  keepRequest,
  keepToken,
  keepView,
  noteConfirmed,
  readBallot,
} from './ballot_custody.ts';
import type { CallDesk } from './ballot_client.ts';
import type { CheckedElection } from './published_election.ts';

/** What taking a ballot needs of the world; tests give their own. */
export interface TakingMeans {
  readonly callDesk: CallDesk;
  readonly origin: string;
  readonly readRpId: () => Promise<string>;
  readonly download: (path: string) => Promise<Uint8Array>;
  readonly post: <Answer>(path: string, body: unknown) => Promise<Answer>;
  readonly sign: (message: Uint8Array<ArrayBuffer>, rpId: string) => Promise<DeviceSignature>;
  /** Whether the service still takes this page's requests for its own person's. */
  readonly isOwnLogin: () => Promise<boolean>;
}

/** The means of a page whose login is `identity`'s. */
export function takingMeans(identity: Identity, callDesk: CallDesk): TakingMeans {
  return {
    callDesk,
    origin: location.origin,
    readRpId: async () => (await serviceSettings()).rp_id,
    download: requestBytes,
    post: (path, body) => askService('POST', path, body),
    sign: (message, rpId) => signMessage(identity, rpId, message),
    isOwnLogin: async () => {
      const account = await currentAccount();
      return account?.id === identity.account.id;
    },
  };
}

/**
 * Refusals after which the stored request is worth nothing: no token ever comes of it. They are
 * believed only under the own login: another person's, from another page of this browser, has the
 * same request refused, and giving it up would lose a ballot whose answer is on its way.
 */
const FINAL = [
  'already-issued',
  'wrong-state',
  'blinded-message-invalid',
  'issuance-other-key',
  'issuance-signature-invalid',
];

/** Download what was published and check all of it; keeps the first view. */
export async function viewElection(
  key: BallotKey,
  spki: string,
  means: TakingMeans,
): Promise<BallotRecord> {
  const { uuid, member } = key;
  const [entries, roster, rpId] = await Promise.all([
    means.download(`/elections/${uuid}/board/entries`),
    means.download(`/elections/${uuid}/board/roster`),
    means.readRpId(),
  ]);
  const checked = await means.callDesk('checkPublication', {
    publication: { uuid, entries, roster },
    device: { member, spki, origin: means.origin, rpId },
  });
  return keepView(key, checked);
}

/**
 * Take the ballot, or go on taking it; resolves when it is held and confirmed.
 *
 * A passkey is touched once. Rejects with ProblemError (refused by the service), UnreachableError,
 * NotTouchedError, RefusedError (a check), StepTakenError (another tab), QuotaExceededError: after
 * each of them it may be called again, and nothing was sent that was not stored before.
 */
export async function takeBallot(
  key: BallotKey,
  spki: string,
  means: TakingMeans,
): Promise<HeldBallot> {
  let record = await readBallot(key);
  if (record === undefined || record.step === 'viewed') {
    record = await viewElection(key, spki, means);
    const begun = await means.callDesk('beginTokens', { checked: electionOf(record) });
    record = await keepAsking(key, begun);
  }
  if (record.step === 'asking') record = await askForToken(key, record, means);
  if (record.step !== 'held') throw new TypeError('this ballot was taken before');
  return record.isConfirmed ? record : confirmBallot(key, means);
}

/** Tell the service that the token is stored here; again is harmless. */
export async function confirmBallot(key: BallotKey, means: TakingMeans): Promise<HeldBallot> {
  await means.post(`/elections/${key.uuid}/issuance/confirmation`, {});
  return noteConfirmed(key);
}

async function askForToken(
  key: BallotKey,
  asking: AskingBallot,
  means: TakingMeans,
): Promise<HeldBallot> {
  let { request } = asking;
  if (request === undefined) {
    const message = issueMessage(asking.phi, key.member, asking.blindedSha256);
    const signed = await means.sign(message, await means.readRpId());
    request = { blinded: asking.blinded, ...signed };
    await keepRequest(key, request);
  }
  const answer = await means
    .post<{ blind_signatures: string[] }>(`/elections/${key.uuid}/issuance`, request)
    .catch(async (error: unknown) => {
      const isFinal = error instanceof ProblemError && FINAL.includes(error.problem);
      if (isFinal && (await means.isOwnLogin())) await giveUpAsking(key);
      throw error;
    });
  const token = await means.callDesk('finishTokens', {
    checked: electionOf(asking),
    blindings: asking.blindings,
    blindSignatures: answer.blind_signatures,
  });
  return keepToken(key, token);
}

/** The checked election of a record that has it. */
export function electionOf(record: CheckedElection | BallotRecord): CheckedElection {
  if (!('terms' in record)) throw new TypeError('this ballot has been put away');
  const { uuid, phi, terms, election } = record;
  return { uuid, phi, terms, election };
}
