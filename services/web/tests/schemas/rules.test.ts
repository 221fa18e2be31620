import { describe, expect, it } from 'vitest';

import {
  type Base,
  type Comparator,
  isPassed,
  membersNeeded,
  parseShare,
  readRule,
  type Rule,
  strictestQuorum,
  unreachableAwards,
  votesNeeded,
} from '../../src/schemas/rules.ts';

function ruleOf(
  share: string,
  comparator: Comparator = 'at_least',
  base: Base = 'all_members',
): Rule {
  return readRule({ share, comparator, base, citation: 'Điều 9' });
}

describe('a share', () => {
  it('is a fraction in lowest terms', () => {
    expect(parseShare('66.5%')).toEqual({ numerator: 133, denominator: 200 });
    expect(parseShare('6/9')).toEqual({ numerator: 2, denominator: 3 });
    expect(parseShare('100.0000%')).toEqual({ numerator: 1, denominator: 1 });
  });

  it('is needed by exactly those votes that pass', () => {
    const shares = ['1%', '33.3333%', '1/3', '50%', '2/3', '66.6667%', '7/9', '90%', '100%'];
    for (const share of shares) {
      for (const comparator of ['at_least', 'more_than'] as const) {
        const rule = ruleOf(share, comparator);
        for (const base of [1, 7, 9, 10, 15, 21, 499, 500]) {
          const needed = votesNeeded(rule, base);
          for (let agree = 0; agree <= base; agree += 1) {
            expect(isPassed(rule, agree, base)).toBe(agree >= needed);
          }
        }
      }
    }
  });

  // The table of marks that councils know by heart.
  it.each([
    [7, 5, 6, 7],
    [9, 6, 8, 9],
    [10, 7, 8, 9],
    [11, 8, 9, 10],
    [12, 8, 10, 11],
    [13, 9, 11, 12],
    [15, 10, 12, 14],
    [17, 12, 14, 16],
    [19, 13, 16, 18],
    [21, 14, 17, 19],
  ])('of %i members: two thirds %i, 80%% %i, 90%% %i', (members, thirds, eighty, ninety) => {
    expect(votesNeeded(ruleOf('2/3'), members)).toBe(thirds);
    expect(votesNeeded(ruleOf('80%'), members)).toBe(eighty);
    expect(votesNeeded(ruleOf('90%'), members)).toBe(ninety);
  });
});

describe('a quorum', () => {
  it('is the strictest of the election and its rules', () => {
    const council = { share: '2/3', base: 'all_members' } as const;
    const strict = { ...ruleOf('90%'), quorum: { share: '80%', base: 'all_members' } as const };
    const loose = { ...ruleOf('90%'), quorum: { share: '50%', base: 'all_members' } as const };
    expect(strictestQuorum(council, [strict, loose, ruleOf('80%')]).share).toBe('80%');
    expect(strictestQuorum(council, [loose]).share).toBe('2/3');
    expect(membersNeeded(council, 11)).toBe(8);
  });
});

describe('an award that cannot reach its mark', () => {
  const rules = [
    { award: 'Chiến sĩ thi đua tỉnh', rule: ruleOf('90%') },
    { award: 'Chiến sĩ thi đua tỉnh', rule: ruleOf('90%') },
    { award: 'Cờ thi đua của tỉnh', rule: ruleOf('80%') },
    { award: 'Giấy khen', rule: ruleOf('100%', 'at_least', 'ballots_returned') },
    { award: 'Bằng khen', rule: ruleOf('100%', 'at_least', 'present_members') },
  ];
  const bases = { all_members: 15, present_members: 14, ballots_returned: 0 };

  it('is named once; a base that shrinks with the ballots is always reached', () => {
    expect(unreachableAwards(rules, bases, 13)).toEqual([
      { award: 'Chiến sĩ thi đua tỉnh', votesNeeded: 14, members: 15, canVote: 13 },
      { award: 'Bằng khen', votesNeeded: 14, members: 14, canVote: 13 },
    ]);
    expect(unreachableAwards(rules, bases, 15)).toEqual([]);
  });
});
