/** The list of cases while the secretary writes it: cases by award, one rule for each award. */
import type { Base, Comparator, GroupName, Nomination, NomineeKind, Rule } from '../api/types.ts';
import { parseShare } from '../schemas/rules.ts';
import { needsBaseReason } from './rule_presets.ts';
import { CITATION_TEXT, oneLine, SHORT_TEXT, SUMMARY_TEXT } from './typed_text.ts';

export const MAX_CASES = 200;

/** A pass rule as it is typed; `quorum` empty: that of the whole ballot holds. */
export interface RuleDraft {
  preset: string;
  share: string;
  comparator: Comparator;
  base: Base;
  citation: string;
  base_reason: string;
  quorum: string;
}

export interface CaseDraft {
  kind: NomineeKind;
  name: string;
  unit: string;
  summary: string;
  /** Of which group (award with its rule). */
  group: number;
}

export interface AwardGroup {
  id: number;
  award: string;
  rule: RuleDraft;
}

/** Cases in the order of the list; their numbers are their places. */
export interface NominationList {
  cases: CaseDraft[];
  groups: AwardGroup[];
  quorum: string;
  group: GroupName;
  minimum_ballots: number;
  late_issuance: boolean;
}

/** What is missing or wrong, by case or award group, as the key of a text. */
export interface ListFault {
  place: 'list' | 'case' | 'group';
  /** Index of the case, id of the group; 0 for the list. */
  at: number;
  field: 'cases' | 'name' | 'award' | 'share' | 'citation' | 'base_reason' | 'quorum' | 'twice';
}

export const EMPTY_RULE: RuleDraft = {
  preset: '',
  share: '',
  comparator: 'at_least',
  base: 'all_members',
  citation: '',
  base_reason: '',
  quorum: '',
};

/** A list without cases, with the defaults of words.md §7. */
export function emptyList(): NominationList {
  return {
    cases: [],
    groups: [],
    quorum: '2/3',
    group: 'Ed25519',
    minimum_ballots: 5,
    late_issuance: true,
  };
}

/** Take cases of a file or a draft into a list, those of one award and rule as one group. */
export function withNominations(
  list: NominationList,
  nominations: readonly Nomination[],
): NominationList {
  const groups: AwardGroup[] = [];
  const byRule = new Map<string, AwardGroup>();
  const cases = nominations.map((nomination): CaseDraft => {
    const rule = ruleDraft(nomination.rule);
    const name = JSON.stringify([nomination.award, rule]);
    let group = byRule.get(name);
    if (group === undefined) {
      group = { id: groups.length + 1, award: nomination.award, rule };
      groups.push(group);
      byRule.set(name, group);
    }
    const { kind, name: nominee, unit, summary } = nomination;
    return { kind, name: nominee, unit, summary: summary ?? '', group: group.id };
  });
  return { ...list, cases, groups };
}

/** Add a case at the end of its award's others; an award that is new gets a group without rule. */
export function withCase(
  list: NominationList,
  award: string,
  added: Omit<CaseDraft, 'group'>,
): NominationList {
  const wanted = oneLine(award);
  const known = list.groups.find((group) => group.award === wanted);
  const id = 1 + Math.max(0, ...list.groups.map((group) => group.id));
  const group = known ?? { id, award: wanted, rule: EMPTY_RULE };
  const groups = known === undefined ? [...list.groups, group] : list.groups;
  const last = list.cases.map((each) => each.group).lastIndexOf(group.id);
  const place = last < 0 ? list.cases.length : last + 1;
  const cases = [
    ...list.cases.slice(0, place),
    { ...added, group: group.id },
    ...list.cases.slice(place),
  ];
  return { ...list, groups, cases };
}

/** Take a case off the list, and its group when it was the last one of it. */
export function withoutCase(list: NominationList, index: number): NominationList {
  const cases = list.cases.filter((_, at) => at !== index);
  const used = new Set(cases.map((each) => each.group));
  return { ...list, cases, groups: list.groups.filter((group) => used.has(group.id)) };
}

/** Change one case where it stands. */
export function withChangedCase(
  list: NominationList,
  index: number,
  changed: Partial<CaseDraft>,
): NominationList {
  const cases = list.cases.map((each, at) => (at === index ? { ...each, ...changed } : each));
  return { ...list, cases };
}

/** Another rule for all cases of an award group. */
export function withRule(list: NominationList, id: number, rule: RuleDraft): NominationList {
  const groups = list.groups.map((group) => (group.id === id ? { ...group, rule } : group));
  return { ...list, groups };
}

/** Cases of a group with their numbers on the list. */
export function casesOf(
  list: NominationList,
  id: number,
): { no: number; index: number; each: CaseDraft }[] {
  return list.cases.flatMap((each, index) =>
    each.group === id ? [{ no: index + 1, index, each }] : [],
  );
}

/** Everything that must be mended before the list can be saved; none: it can. */
export function listFaults(list: NominationList): ListFault[] {
  const faults: ListFault[] = [];
  const seen = new Set<string>();
  if (list.cases.length === 0 || list.cases.length > MAX_CASES) {
    faults.push({ place: 'list', at: 0, field: 'cases' });
  }
  if (!isShare(list.quorum)) faults.push({ place: 'list', at: 0, field: 'quorum' });
  list.cases.forEach((each, index) => {
    const at = { place: 'case', at: index } as const;
    if (oneLine(each.name) === '') faults.push({ ...at, field: 'name' });
    const award = list.groups.find((group) => group.id === each.group)?.award ?? '';
    const one = JSON.stringify([each.kind, oneLine(each.name), oneLine(each.unit), award]);
    if (seen.has(one)) faults.push({ ...at, field: 'twice' });
    seen.add(one);
  });
  for (const group of list.groups) faults.push(...groupFaults(group));
  return faults;
}

/** The cases as the service takes them, numbered 1, 2, 3 …; only of a list without faults. */
export function nominationsOf(list: NominationList): Nomination[] {
  return list.cases.map((each, index) => {
    const group = list.groups.find((one) => one.id === each.group);
    if (group === undefined) throw new Error('a case without its award');
    const summary = oneLine(each.summary).slice(0, SUMMARY_TEXT);
    return {
      no: index + 1,
      kind: each.kind,
      name: oneLine(each.name).slice(0, SHORT_TEXT),
      unit: oneLine(each.unit).slice(0, SHORT_TEXT),
      award: group.award,
      rule: ruleOf(group.rule),
      ...(summary === '' ? {} : { summary }),
    };
  });
}

/** `90 %` and `66,5%` are typed too: the service's spelling of a share, or what was typed. */
export function shareText(typed: string): string {
  return typed.replaceAll(' ', '').replaceAll(',', '.');
}

/** Whether it can be read as a share over 0 and at most the whole. */
export function isShare(typed: string): boolean {
  try {
    parseShare(shareText(typed));
    return true;
  } catch {
    return false;
  }
}

function groupFaults({ id, award, rule }: AwardGroup): ListFault[] {
  const at = { place: 'group', at: id } as const;
  const faults: ListFault[] = [];
  if (oneLine(award) === '') faults.push({ ...at, field: 'award' });
  if (!isShare(rule.share)) faults.push({ ...at, field: 'share' });
  // A hint such as "Điều … Quy chế" that was not filled in is no citation.
  if (oneLine(rule.citation) === '' || rule.citation.includes('…')) {
    faults.push({ ...at, field: 'citation' });
  }
  if (needsBaseReason(award, rule.base) && oneLine(rule.base_reason) === '') {
    faults.push({ ...at, field: 'base_reason' });
  }
  if (rule.quorum !== '' && !isShare(rule.quorum)) faults.push({ ...at, field: 'quorum' });
  return faults;
}

function ruleDraft(rule: Rule): RuleDraft {
  return {
    preset: '',
    share: rule.share,
    comparator: rule.comparator,
    base: rule.base,
    citation: rule.citation,
    base_reason: rule.base_reason ?? '',
    quorum: rule.quorum?.share ?? '',
  };
}

function ruleOf(draft: RuleDraft): Rule {
  const reason = oneLine(draft.base_reason).slice(0, CITATION_TEXT);
  return {
    share: shareText(draft.share),
    comparator: draft.comparator,
    base: draft.base,
    citation: oneLine(draft.citation).slice(0, CITATION_TEXT),
    ...(draft.quorum === '' ? {} : { quorum: { share: shareText(draft.quorum) } }),
    ...(reason === '' || draft.base === 'all_members' ? {} : { base_reason: reason }),
  };
}
