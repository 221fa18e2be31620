/** The two groups of prime order that elections may use, by their Belenios names. */

import { MalformedError } from '../errors.ts';
import { BELENIOS_2048 } from './belenios2048.ts';
import { ED25519 } from './ed25519.ts';
import type { Group } from './group.ts';

export type { Element, FixedBase } from './group.ts';
export { Group } from './group.ts';
export { BELENIOS_2048, ED25519 };

/** Both groups. */
export const GROUPS: readonly Group[] = [ED25519, BELENIOS_2048];

/** The group of that Belenios name. Raises MalformedError: no parameters are ever accepted. */
export function groupByName(name: string): Group {
  const group = GROUPS.find((known) => known.name === name);
  if (group === undefined) {
    throw new MalformedError('only the groups Ed25519 and BELENIOS-2048 are known');
  }
  return group;
}
