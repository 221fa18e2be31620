/** Invitations on paper: who gets one, and which stand on one sheet. */
import type { InvitationView, MemberView } from '../api/types.ts';

/** A4 upright, two columns of three. */
export const SLIPS_PER_SHEET = 6;

export interface Slip {
  member: MemberView;
  invitation: InvitationView;
}

/** Slips of those with an invitation made on this screen, by number. */
export function slipsOf(
  members: readonly MemberView[],
  invitations: ReadonlyMap<number, InvitationView>,
): Slip[] {
  return members.flatMap((member) => {
    const invitation = invitations.get(member.no);
    return invitation === undefined ? [] : [{ member, invitation }];
  });
}

/** Cut into sheets of at most `size`. */
export function sheets<Item>(items: readonly Item[], size = SLIPS_PER_SHEET): Item[][] {
  const cut: Item[][] = [];
  for (let start = 0; start < items.length; start += size) cut.push(items.slice(start, start + size));
  return cut;
}
