/** The two groups of prime order that elections may use, by their Belenios names. */

import { BELENIOS_2048 } from './belenios2048.ts';
import { ED25519 } from './ed25519.ts';
import type { Group } from './group.ts';
import { addGroup } from './known.ts';

export type { Element, FixedBase } from './group.ts';
export { Group } from './group.ts';
export { groupByName } from './known.ts';
export { BELENIOS_2048, ED25519 };

/** Both groups. */
export const GROUPS: readonly Group[] = [ED25519, BELENIOS_2048];

GROUPS.forEach(addGroup);
