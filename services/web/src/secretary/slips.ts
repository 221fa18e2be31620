/** Invitations on paper: who gets one, and which stand on one sheet. */
import type { InvitationView, MemberView } from '../api/types.ts';

/** A4 upright, two columns of two: large enough for long names and old eyes. */
export const SLIPS_PER_SHEET = 4;

/** An invitation made at this console, for a first device or for one more. */
export interface MadeInvitation extends InvitationView {
  wasEnrolled: boolean;
}

export interface Slip {
  member: MemberView;
  invitation: InvitationView;
}

/** Made for a first device, and there is one now: it was used, and works no more. */
export function isUsed(member: MemberView, invitation: MadeInvitation): boolean {
  return member.enrolled && !invitation.wasEnrolled;
}

/** Slips of those with an invitation that is still good, by number. */
export function slipsOf(
  members: readonly MemberView[],
  invitations: ReadonlyMap<number, MadeInvitation>,
): Slip[] {
  return members.flatMap((member) => {
    const invitation = invitations.get(member.no);
    return invitation === undefined || isUsed(member, invitation)
      ? []
      : [{ member, invitation }];
  });
}

/** Cut into sheets of at most `size`. */
export function sheets<Item>(items: readonly Item[], size = SLIPS_PER_SHEET): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, sheet) => items.slice(sheet * size, (sheet + 1) * size));
}
