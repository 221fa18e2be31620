import { expect, it } from 'vitest';

import type { MemberView, Nomination } from '../../src/api/types.ts';
import {
  conflicts,
  defaultThreshold,
  thresholds,
  toggled,
  withHead,
} from '../../src/secretary/counting_team.ts';

it.each([
  [2, [2]],
  [3, [2, 3]],
  [4, [3, 4]],
  [5, [3, 4, 5]],
])('of %s tellers more than half open the box', (tellers, choices) => {
  expect(thresholds(tellers)).toEqual(choices);
  expect(defaultThreshold(tellers)).toBe(choices[0]);
});

it('has as head who was chosen first, until another is made it', () => {
  const team = [7, 9, 14].reduce<number[]>((chosen, no) => toggled(chosen, no), []);
  expect(team).toEqual([7, 9, 14]);
  expect(withHead(team, 14)).toEqual([14, 7, 9]);
  expect(toggled(team, 7)).toEqual([9, 14]);
});

it('finds tellers on the list, however the name is spelt, but no collectives', () => {
  const members = [
    { no: 1, name: 'Trịnh Thu  Quế' },
    { no: 2, name: 'Bế Văn Khôi' },
    { no: 3, name: 'Sở Y tế' },
  ] as MemberView[];
  const nominations = [
    { kind: 'individual', name: 'trịnh thu quế'.normalize('NFD') },
    { kind: 'collective', name: 'Sở Y tế' },
  ] as Nomination[];
  expect(conflicts([1, 2, 3], members, nominations).map((each) => each.no)).toEqual([1]);
  expect(conflicts([2], members, nominations)).toEqual([]);
});
