/** What the join screen shows, and what comes after what. */
import type { ProblemError } from '../api/client.ts';
import type { InspectionView } from '../api/types.ts';
import type { Identity } from '../device/database.ts';
import { NotTouchedError } from '../device/device_key.ts';
import {
  inspectInvitation,
  isOfInvitation,
  NoScreenLockError,
  register,
  registeredPeople,
  type Wish,
} from './joining.ts';

export type Phase =
  | { readonly name: 'looking' }
  | { readonly name: 'invited'; readonly invitation: InspectionView; readonly fault: unknown }
  | { readonly name: 'not_me'; readonly invitation: InspectionView }
  | { readonly name: 'no_screen_lock'; readonly invitation: InspectionView }
  | { readonly name: 'done'; readonly identity: Identity }
  /** The device was registered by this link before. */
  | { readonly name: 'already'; readonly identity: Identity }
  /** The link is of no use (`problem`: why; null when there is none in the address). */
  | {
      readonly name: 'refused';
      readonly problem: ProblemError | null;
      readonly others: readonly Identity[];
    }
  | { readonly name: 'failed'; readonly fault: unknown };

/** The first phase of a link, or of the page without one. */
export async function look(code: string | null): Promise<Phase> {
  try {
    if (code === null) return { name: 'refused', problem: null, others: await registeredPeople() };
    const inspection = await inspectInvitation(code);
    switch (inspection.name) {
      case 'invited':
        return { name: 'invited', invitation: inspection.invitation, fault: null };
      case 'registered':
        return { name: inspection.isNews ? 'done' : 'already', identity: inspection.identity };
      case 'refused':
        return inspection;
    }
  } catch (fault) {
    return { name: 'failed', fault };
  }
}

/** Register, and the phase that comes of it. */
export async function start(code: string, invitation: InspectionView, wish: Wish): Promise<Phase> {
  try {
    return { name: 'done', identity: await register(code, invitation, wish) };
  } catch (fault) {
    if (fault instanceof NoScreenLockError) return { name: 'no_screen_lock', invitation };
    // Another tab, or a try whose answer was lost, has perhaps used it: that is looked for.
    if (isOfInvitation(fault)) return look(code);
    return { name: 'invited', invitation, fault };
  }
}

/** Whether a new key may help: this device has one of that person, and it did not answer. */
export async function mayStartAnew(phase: Phase): Promise<boolean> {
  if (phase.name !== 'invited' || !(phase.fault instanceof NotTouchedError)) return false;
  return (await registeredPeople()).some((each) => each.account.name === phase.invitation.name);
}
