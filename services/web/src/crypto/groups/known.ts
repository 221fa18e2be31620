/**
 * The groups that this program has loaded, by their Belenios names.
 *
 * Ed25519 is always there; BELENIOS-2048 once `groups/index.ts` is loaded, which a member's phone
 * does only for an election in it.
 */

import { MalformedError } from '../errors.ts';
import { ED25519 } from './ed25519.ts';
import type { Group } from './group.ts';

const known: Group[] = [ED25519];

/** Make a group known; for the file that loads it. */
export function addGroup(group: Group): void {
  if (!known.includes(group)) known.push(group);
}

/** The group of that Belenios name. Raises MalformedError: no parameters are ever accepted. */
export function groupByName(name: string): Group {
  const group = known.find((each) => each.name === name);
  if (group === undefined) {
    throw new MalformedError('only the groups Ed25519 and BELENIOS-2048 are known');
  }
  return group;
}
