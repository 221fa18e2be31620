/** Three tellers with a device each, in one process and one IndexedDB. */
import { systemRandomness } from '../../src/crypto/randomness.ts';
import { checkBeforeOpening, OpeningRefusedError } from '../../src/verifier/opening.ts';
import { BoardRefusedError } from '../../src/verifier/board.ts';
import { isRefusal } from '../../src/verifier/refusals.ts';
import type { BoardCheck } from '../../src/tellers/box_opening.ts';
import { type DeviceMeans, takeDueSteps, takeOwnKey } from '../../src/tellers/counting_device.ts';
import { eraseShare, type HeldShare, unlockShare } from '../../src/tellers/share_custody.ts';
import { keyOfPasskey, newLock } from '../../src/tellers/share_lock.ts';
import { doTask, type TaskRunner } from '../../src/tellers/trustee_tasks.ts';
import { THRESHOLD, UUID } from '../verifier/record_parts.ts';
import { type ServiceInMemory, SIZE } from './service_in_memory.ts';

/** Does the work in this thread. */
export const runHere: TaskRunner = async (task, onProgress) =>
  doTask(task, systemRandomness, onProgress);

/** Verifies in this thread, with the answers of the verifier's worker. */
export const checkHere: BoardCheck = async (board, device, onProgress) => {
  try {
    const ready = await checkBeforeOpening(board, device, undefined, onProgress);
    const { group, text } = ready.election;
    return {
      kind: 'ready',
      ready: {
        ...ready,
        election: text,
        tally: ready.tally.map((answers) =>
          answers.map(({ alpha, beta }) => [group.elementToText(alpha), group.elementToText(beta)]),
        ),
        closingRoot: Buffer.from(ready.closingRoot).toString('hex'),
        publicKeys: ready.publicKeys.map((key) => group.elementToText(key)),
      },
    };
  } catch (error) {
    if (error instanceof OpeningRefusedError) {
      return { kind: 'opening_refused', refusal: error.refusal, message: error.message };
    }
    if (error instanceof BoardRefusedError) {
      return { kind: 'board_refused', refused: error.refused, message: error.message };
    }
    if (isRefusal(error)) return { kind: 'board_refused', refused: [], message: error.message };
    throw error;
  }
};

/** A teller's device; `held` is its unlocked share. */
export interface TestTeller {
  readonly index: number;
  readonly means: DeviceMeans;
  readonly key: CryptoKey;
  held: HeldShare;
}

/** The first tap of a teller. */
export async function takeKeyOf(
  service: ServiceInMemory,
  index: number,
  group = 'Ed25519',
): Promise<TestTeller> {
  const owner = { uuid: UUID, member: index };
  await eraseShare(owner);
  const lock = newLock('passkey', systemRandomness);
  const key = await keyOfPasskey(owner, lock, systemRandomness(32));
  const means = { service: service.for(index), run: runHere, randomness: systemRandomness };
  const place = { uuid: UUID, index, size: SIZE, threshold: THRESHOLD };
  const held = await takeOwnKey(means, group, place, index, { lock, key });
  return { index, means, key, held };
}

export async function takeKeys(service: ServiceInMemory): Promise<TestTeller[]> {
  const tellers = [];
  for (let index = 1; index <= SIZE; index += 1) tellers.push(await takeKeyOf(service, index));
  return tellers;
}

/** Let every device do what is due, in turns, until nothing changes. */
export async function progress(
  service: ServiceInMemory,
  tellers: readonly TestTeller[],
): Promise<void> {
  for (let size = -1; size !== service.log.length; ) {
    size = service.log.length;
    for (const { means, held } of tellers) await takeDueSteps(means, held, service.state);
  }
}

/** As after a reload: only what is stored is left. */
export async function reload(teller: TestTeller): Promise<void> {
  const owner = { uuid: UUID, member: teller.index };
  teller.held = await unlockShare(owner, teller.key, systemRandomness);
}

/** Ceremony, confirmations, votes, closing. */
export async function untilClosed(service: ServiceInMemory): Promise<TestTeller[]> {
  const tellers = await takeKeys(service);
  await progress(service, tellers);
  service.issue();
  await progress(service, tellers);
  await service.voteAndClose();
  return tellers;
}
