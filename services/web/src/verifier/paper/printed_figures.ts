/**
 * Every figure, name and outcome that a paper prints, compared with its records (protocol.md §9,
 * V18). Sentences are those of the papers without their spaces; what the secretary writes freely is
 * not judged, but may not print a judged figure a second time with another value.
 */

import { type Base, type Rule, sharePercent } from '../../schemas/rules.ts';
import type { AttachedRecord } from './attached_records.ts';
import { Counted, type CountedCase, finalCases } from './counted.ts';
import type { PrintedPages } from './printed_pages.ts';
import {
  countingSentences,
  headingProblems,
  meetingSentences,
  signerNameProblems,
} from './printed_sentences.ts';
import { squeeze } from './text_lines.ts';

const COUNTING_TITLE = squeeze('BIÊN BẢN KIỂM PHIẾU');
const PASSED = 'Đạt';
const NOT_PASSED = 'Không đạt';
const BASES: Readonly<Record<Base, string>> = {
  all_members: 'tổng số thành viên Hội đồng',
  present_members: 'số thành viên dự họp',
  ballots_returned: 'số phiếu thu về',
};
const MARK = 'tứcítnhất(\\d+)/(\\d+)phiếuđồngý';
const STATES = {
  present: 'dựhọptrựctiếp(\\d+)',
  online: 'dựhọptrựctuyến(\\d+)',
  absent_consulted: 'dướihìnhthứcphiếukínđiệntử(\\d+)',
} as const;

/** Where figures stand, and which ones must stand there, once each. */
interface Figures {
  readonly name: string;
  readonly pattern: string;
  readonly expected: readonly (readonly string[])[];
}

/** What a paper prints otherwise than its records say, or leaves out. */
export async function figureProblems(
  pages: PrintedPages,
  records: readonly AttachedRecord[],
): Promise<string[]> {
  const counted = records
    .map((record) => new Counted(record))
    // In the order in which the paper names them at its end.
    .sort((one, other) => pages.text.indexOf(one.sha256) - pages.text.indexOf(other.sha256));
  const isCounting = pages.text.includes(COUNTING_TITLE);
  const figures = isCounting ? counted.flatMap(countingFigures) : meetingFigures(counted);
  const sentences = isCounting ? counted.flatMap(countingSentences) : meetingSentences(counted);
  const problems = [...figures, await crossChecks(counted)].flatMap((each) =>
    compare(pages.text, each),
  );
  problems.push(...markProblems(pages.text, counted, isCounting));
  if (isCounting && counted.length > 1) {
    problems.push('a counting minute is of one election, and has one record attached');
  }
  if (isCounting) problems.push(...signerNameProblems(pages.end, counted));
  problems.push(...headingProblems(pages.heading, counted, isCounting));
  for (const { name, text } of sentences) {
    if (!pages.text.includes(squeeze(text))) problems.push(`${name}: “${text}” is not printed`);
  }
  return [...problems, ...rowProblems(pages, counted, isCounting)];
}

function compare(text: string, { name, pattern, expected }: Figures): string[] {
  const found = [...text.matchAll(new RegExp(pattern, 'gu'))].map(([, ...values]) =>
    values.map(plain).join(' / '),
  );
  const due = expected.map((values) => values.join(' / '));
  const surplus = without(found, due);
  const wrong = surplus.map(
    (values) => `${name}: prints ${values}, not ${due.join(', ') || 'at all'}`,
  );
  if (wrong.length > 0) return wrong;
  return without(due, found).map((values) => `${name}: ${values} is not printed`);
}

/** What `left` has more often than `right`. */
function without(left: readonly string[], right: readonly string[]): string[] {
  const rest = [...right];
  return left.filter((value) => {
    const place = rest.indexOf(value);
    if (place !== -1) rest.splice(place, 1);
    return place === -1;
  });
}

/** "06" is 6: numbers of cases have two digits. */
function plain(value: string): string {
  return /^\d{1,15}$/.test(value) ? String(Number(value)) : value;
}

async function crossChecks(counted: readonly Counted[]): Promise<Figures> {
  const expected: string[][] = [];
  for (const each of counted) expected.push([await each.sealCode(), each.sha256]);
  return {
    name: 'cross-check',
    pattern:
      'Đốichiếu:mãniêmphong([0-9A-Z]{4}(?:-[0-9A-Z]{4}){4});' +
      'SHA-256củahồsơkiểmphiếu(?:lần\\d+)?([0-9a-f]{64})',
    expected,
  };
}

function one(...values: number[]): string[][] {
  return [values.map(String)];
}

/** Printed only where there is something to say. */
function some(value: number): string[][] {
  return value === 0 ? [] : one(value);
}

function countingFigures(counted: Counted): Figures[] {
  const { closed } = counted.evidence;
  const [passed, cases] = [counted.passed.length, counted.cases.length];
  const states = Object.entries(STATES).flatMap(([state, pattern]): Figures[] => {
    const taken = counted.tookBallotInState(state as keyof typeof STATES);
    if (taken === null) return [];
    const expected = state === 'present' ? one(taken) : some(taken);
    return [{ name: `ballots taken, ${state}`, pattern, expected }];
  });
  const due = (name: string, pattern: string, expected: string[][]): Figures => ({
    name,
    pattern,
    expected,
  });
  return [
    ...states,
    due('members', 'TổngsốthànhviênHộiđồng(?:theoQuyếtđịnh)?:(\\d+)\\.', one(closed.members)),
    due('ballots taken', 'Sốthànhviênnhậnphiếu:(\\d+)', one(closed.issued)),
    due(
      'ballots not taken',
      'Sốthànhviênkhôngnhậnphiếu:(\\d+)',
      one(closed.members - closed.issued),
    ),
    due('issued', 'Sốphiếuphátra:(\\d+)', one(closed.issued)),
    due('returned', 'Sốphiếuthuvề:(\\d+)', one(closed.returned)),
    due('not returned', 'Sốphiếukhôngthuvề:(\\d+)', some(closed.issued - closed.returned)),
    due('valid', 'Sốphiếuhợplệ:(\\d+)', one(closed.returned)),
    due('invalid', 'Sốphiếukhônghợplệ:(\\d+)', one(0)),
    due('votes needed', MARK, marksByGroup(counted)),
    due('cases passed', 'Có(\\d+)/(\\d+)trườnghợpđạt', one(passed, cases)),
    due('cases not passed', 'Có(\\d+)trườnghợpkhôngđạt', some(cases - passed)),
  ];
}

/** Votes needed and base, once for each award and rule. */
function marksByGroup(counted: Counted): string[][] {
  return [...groupsOf(counted).values()].flatMap(([first]) =>
    first === undefined ? [] : one(first[1].votes_needed, first[1].base),
  );
}

/** The list by award and rule, in the order in which they first appear: a table for each. */
function groupsOf({ cases }: Counted): Map<string, CountedCase[]> {
  const groups = new Map<string, CountedCase[]>();
  for (const each of cases) {
    const key = JSON.stringify([each[0].award, each[0].rule]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups;
}

/** Every mark with its share, base, votes, citation and reason, in the words of its rule. */
function markProblems(text: string, counted: readonly Counted[], isCounting: boolean): string[] {
  const marks = counted.flatMap(({ cases }) =>
    cases.map(([{ rule }, { votes_needed: votes, base }]) => squeeze(markOf(rule, votes, base))),
  );
  const known = [...new Set(marks)].reduce((sum, mark) => sum + occurrences(text, mark), 0);
  const printed = occurrences(text, squeeze('tức ít nhất'));
  if (printed > known) return ['a mark prints another share, base, figure or citation'];
  return isCounting && known === 0 ? ['the marks to reach are not printed'] : [];
}

function markOf(rule: Rule, votes: number, base: number): string {
  const on = BASES[rule.base];
  const share = rule.share.replace('.', ',');
  const needed = rule.comparator === 'at_least' ? `từ ${share} trở lên trên ${on}` : `trên ${share} ${on}`;
  const reason = rule.base_reason === undefined ? '' : `; tính trên ${on} vì: ${rule.base_reason}`;
  return `${needed}, tức ít nhất ${votes}/${base} phiếu đồng ý (${rule.citation}${reason})`;
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

function meetingFigures(counted: readonly Counted[]): Figures[] {
  const inOrder = [...counted].sort(
    (left, right) => left.evidence.terms.ballot_number - right.evidence.terms.ballot_number,
  );
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { opened } = first.evidence;
  const there = opened.present + opened.online;
  const final = finalCases(counted);
  const passed = final.filter(([, outcome]) => outcome.passed).length;
  return [
    {
      name: 'ballots',
      pattern: 'Sốphiếuphátra:(\\d+);thuvề:(\\d+);hợplệ:(\\d+);khônghợplệ:(\\d+)',
      expected: counted.flatMap(({ evidence: { closed } }) =>
        one(closed.issued, closed.returned, closed.returned, 0),
      ),
    },
    {
      name: 'quorum',
      pattern: 'cómặt(\\d+)/(\\d+)thànhviên\\((\\d+,\\d+)%\\)',
      expected: [[String(there), String(opened.members), sharePercent(there, opened.members)]],
    },
    {
      name: 'members',
      pattern: 'ThànhviênHộiđồng:tổngsố(\\d+)',
      expected: one(last.evidence.closed.members),
    },
    {
      name: 'cases passed',
      pattern: 'xéttặngdanhhiệuthiđua,khenthưởng(\\d+)trườnghợpđạt',
      expected: some(passed),
    },
    {
      name: 'cases not passed',
      pattern: '(\\d+)trườnghợpkhôngđạtkhôngđềnghị',
      expected: some(final.length - passed),
    },
  ];
}

function rowProblems(
  pages: PrintedPages,
  counted: readonly Counted[],
  isCounting: boolean,
): string[] {
  const due = counted
    .flatMap((each) => (isCounting ? [...groupsOf(each).values()].flat() : each.cases))
    .map((each) => rowOf(each, isCounting));
  const printed = pages.rows.map((row) => row.map(withoutAtLeast).join(' | '));
  const problems = [
    ...without(due, printed).map((row) => `row ${row.split(' ')[0]} of a table should read ${row}`),
    ...without(printed, due).map((row) => `a table prints ${row}, which is not the result's`),
  ];
  const isOrdered = due.every((row, place) => row === printed[place]);
  if (problems.length > 0 || isOrdered) return problems;
  return ['the rows of a table are not in the order of the list'];
}

function rowOf([nomination, outcome]: CountedCase, isCounting: boolean): string {
  const { votes_needed: needed, base } = outcome;
  const middle = isCounting ? [nomination.unit] : [nomination.award, `${needed}/${base}`];
  return [
    String(nomination.no),
    nomination.name,
    ...middle,
    String(outcome.agree),
    String(outcome.disagree),
    String(outcome.blank),
    outcome.share_percent,
    outcome.passed ? PASSED : NOT_PASSED,
  ]
    .map(squeeze)
    .join(' | ');
}

/** "ít nhất 12/15" and "12/15" say the same in the column of marks. */
function withoutAtLeast(cell: string): string {
  return cell.replace(/^ítnhất(?=\d+\/\d+$)/u, '');
}
