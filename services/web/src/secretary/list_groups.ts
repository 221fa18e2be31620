/** A fixed list by award, one group for each rule, in the order of the list. */
import type { Nomination, Rule } from '../api/types.ts';

export interface CaseGroup {
  award: string;
  rule: Rule;
  cases: Nomination[];
}

export function caseGroups(nominations: readonly Nomination[]): CaseGroup[] {
  const groups = new Map<string, CaseGroup>();
  for (const nomination of nominations) {
    const { award, rule } = nomination;
    const key = JSON.stringify([award, rule]);
    const group = groups.get(key) ?? { award, rule, cases: [] };
    group.cases.push(nomination);
    groups.set(key, group);
  }
  return [...groups.values()];
}
