/** A cancelled ballot's list taken over into a new one. */
import { signal } from '@preact/signals';

import type { ElectionView } from '../api/types.ts';

/** Uuid of the ballot whose list the next new one begins with. */
export const copiedUuid = signal<string | null>(null);

/** The ballot to copy; null: the new list begins empty. */
export function copiedFrom(elections: readonly ElectionView[]): ElectionView | null {
  return elections.find((each) => each.uuid === copiedUuid.value) ?? null;
}
