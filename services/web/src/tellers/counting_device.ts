/**
 * A teller's device through the key ceremony: every step as soon as it is due, stored before it is
 * sent (protocol.md §3 v2). After a reload it goes on at the same step with the same bytes.
 */
import { ProblemError } from '../api/client.ts';
import type { CeremonyTrustee, CeremonyView, ElectionState } from '../api/types.ts';
import { readLog } from '../board/ceremony_log.ts';
import { bytesOfText } from '../crypto/encodings.ts';
import type { Randomness } from '../crypto/randomness.ts';
import type { TrusteePlace } from '../crypto/trustee_device.ts';
import { stateFromText } from '../crypto/trustee_state.ts';
import { createShare, type HeldShare } from './share_custody.ts';
import type { ShareLock } from './share_lock.ts';
import { checkOwnContributions } from './steps.ts';
import type { TellerService } from './teller_service.ts';
import { RefusedByDeviceError, refusingAsDevice, type Step, type TaskRunner } from './trustee_tasks.ts';

/** What a device works with; all of it is given, so that tests bring their own. */
export interface DeviceMeans {
  readonly service: TellerService;
  readonly run: TaskRunner;
  readonly randomness: Randomness;
}

const BEFORE: Readonly<Record<Step, Step | null>> = {
  certificate: null,
  commitment: 'certificate',
  reveal: 'commitment',
  key: 'reveal',
  confirmation: 'key',
};

/**
 * Draw this teller's secrets for one election, store them under `key`, and send the certificate.
 *
 * Throws ShareExistsError, RefusedByDeviceError, ProblemError, UnreachableError.
 */
export async function takeOwnKey(
  means: DeviceMeans,
  group: string,
  place: TrusteePlace,
  member: number,
  { lock, key }: { readonly lock: ShareLock; readonly key: CryptoKey },
): Promise<HeldShare> {
  const { state, body } = await means.run({ kind: 'certificate', group, place });
  const share = { state, opened: null, promises: [] };
  const owner = { uuid: place.uuid, member };
  const held = await createShare(owner, lock, key, share, means.randomness);
  await means.service.sendStep('certificate', body);
  return held;
}

/**
 * Take every step that is due now; gives the ceremony as it stands when nothing is left to do.
 *
 * What is refused throws RefusedByDeviceError (its `trustee` sent it, where one did). Throws
 * ProblemError, UnreachableError: nothing is lost, the same bytes go out next time.
 */
export async function takeDueSteps(
  means: DeviceMeans,
  held: HeldShare,
  electionState: ElectionState,
): Promise<CeremonyView> {
  for (;;) {
    const view = await means.service.readCeremony();
    checkOwnContribution(view, held);
    const step = dueStep(view, held.owner.member, electionState);
    if (step === null) return view;
    try {
      await takeStep(means, held, view, step);
    } catch (error) {
      if (isEarly(error)) return view;
      throw error;
    }
  }
}

/** The step that this teller's device must take now; null when it waits for others. */
export function dueStep(
  view: CeremonyView,
  member: number,
  electionState: ElectionState,
): Step | null {
  const mine = view.trustees.find((each) => each.member === member);
  if (mine === undefined) return null;
  const steps = electionState === 'ceremony' ? CEREMONY_STEPS : CONFIRMING[electionState];
  const next = steps?.find((step) => !mine[step]);
  if (next === undefined) return null;
  const before = BEFORE[next];
  return before === null || view.trustees.every((each) => each[before]) ? next : null;
}

/** Who holds the ceremony up: those who lack the earliest step that not all have taken. */
export function missingTrustees(view: CeremonyView): CeremonyTrustee[] {
  for (const step of CEREMONY_STEPS) {
    const missing = view.trustees.filter((each) => !each[step]);
    if (missing.length > 0) return missing;
  }
  return [];
}

const CEREMONY_STEPS: readonly Step[] = ['certificate', 'commitment', 'reveal', 'key'];
const CONFIRMING: Partial<Record<ElectionState, readonly Step[]>> = { issuing: ['confirmation'] };

async function takeStep(
  { service, run }: DeviceMeans,
  held: HeldShare,
  view: CeremonyView,
  step: Step,
): Promise<void> {
  const { state } = held.share;
  const entries = view.entries.map((entry) => bytesOfText(entry));
  const made = await (async () => {
    switch (step) {
      case 'certificate':
        // Stored before and perhaps never sent: the very same goes out again.
        return { state, body: { certificate: stateFromText(state).certificate } };
      case 'commitment':
      case 'reveal':
        return run({ kind: step, state, entries });
      case 'key':
        return run({ kind: step, state, entries, sealedShares: await service.readSealedShares() });
      case 'confirmation':
        // The ceremony's own entries do not hold the terms: the whole log so far does.
        return run({ kind: step, state, entries: await service.readEntries() });
    }
  })();
  if (made.state !== state) await held.store({ ...held.share, state: made.state });
  await service.sendStep(step, made.body);
}

/** Another team, or another contribution of this teller, is not what this device takes part in. */
function checkOwnContribution(view: CeremonyView, held: HeldShare): void {
  const state = stateFromText(held.share.state);
  const mine = view.trustees.find((each) => each.member === held.owner.member);
  if (mine === undefined || mine.index !== state.index || view.trustees.length !== state.size) {
    throw new RefusedByDeviceError('the counting team is another one', null);
  }
  if (view.trustee_threshold !== state.threshold) {
    throw new RefusedByDeviceError('the threshold is another one', null);
  }
  refusingAsDevice(() =>
    checkOwnContributions(state, readLog(view.entries.map((entry) => bytesOfText(entry)))),
  );
}

/** Somebody else's step has not come in yet after all: wait for the next change. */
function isEarly(error: unknown): boolean {
  return error instanceof ProblemError && error.problem === 'ceremony-step-not-due';
}
