/** Outcomes beside their cases, by award, in the order of the list. */
import type { ElectionView, Nomination, OutcomeView, Rule } from '../api/types.ts';

export type OutcomeRow = OutcomeView & Pick<Nomination, 'name' | 'unit'>;

export interface OutcomeGroup {
  award: string;
  rule: Rule;
  rows: OutcomeRow[];
}

/** Cases with the same award and rule stand in one table; none before the announcement. */
export function outcomeGroups(election: ElectionView): OutcomeGroup[] {
  const outcomes = new Map(election.result?.outcomes.map((each) => [each.no, each]));
  const groups = new Map<string, OutcomeGroup>();
  for (const nomination of election.nominations) {
    const outcome = outcomes.get(nomination.no);
    if (outcome === undefined) continue;
    const { award, rule, name, unit } = nomination;
    const key = JSON.stringify([award, rule]);
    const group = groups.get(key) ?? { award, rule, rows: [] };
    group.rows.push({ ...outcome, name, unit });
    groups.set(key, group);
  }
  return [...groups.values()];
}
