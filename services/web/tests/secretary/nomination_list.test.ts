import { describe, expect, it } from 'vitest';

import type { Nomination } from '../../src/api/types.ts';
import {
  casesOf,
  emptyList,
  isShare,
  listFaults,
  nominationsOf,
  shareText,
  withCase,
  withNominations,
  withoutCase,
  withRule,
} from '../../src/secretary/nomination_list.ts';

const RULE = {
  share: '80%',
  comparator: 'at_least',
  base: 'all_members',
  citation: 'Điều 9 Quy chế',
} as const;

function nomination(no: number, name: string, award: string, rule: object = RULE): Nomination {
  return { no, kind: 'individual', name, unit: '', award, rule: { ...RULE, ...rule } };
}

const LIST = [
  nomination(1, 'Hà Thị Minh Tuyết', 'Bằng khen'),
  nomination(2, 'Lò Văn Quyết', 'Giấy khen', { share: '50%', comparator: 'more_than' }),
  nomination(3, 'Đàm Quốc Việt', 'Bằng khen'),
];

describe('the list', () => {
  it('keeps order and rules of a file, cases of one award in one group', () => {
    const list = withNominations(emptyList(), LIST);
    expect(list.groups.map((group) => group.award)).toEqual(['Bằng khen', 'Giấy khen']);
    expect(casesOf(list, 1).map(({ no }) => no)).toEqual([1, 3]);
    expect(nominationsOf(list)).toEqual(LIST);
    expect(listFaults(list)).toEqual([]);
  });

  it('shows two rules under one award as two groups', () => {
    const list = withNominations(emptyList(), [
      ...LIST,
      nomination(4, 'Vũ Ba', 'Bằng khen', { share: '90%' }),
    ]);
    expect(list.groups).toHaveLength(3);
    expect(nominationsOf(list)[3]?.rule.share).toBe('90%');
  });

  it('adds a case after the others of its award and numbers anew', () => {
    const draft = { kind: 'collective', name: 'Tổ 5', unit: '', summary: '' } as const;
    const list = withCase(withNominations(emptyList(), LIST), ' Giấy  khen ', draft);
    expect(nominationsOf(list).map(({ no, name }) => `${no} ${name}`)).toEqual([
      '1 Hà Thị Minh Tuyết',
      '2 Lò Văn Quyết',
      '3 Tổ 5',
      '4 Đàm Quốc Việt',
    ]);
  });

  it('drops an award with its last case', () => {
    const list = withoutCase(withNominations(emptyList(), LIST), 1);
    expect(list.groups.map((group) => group.award)).toEqual(['Bằng khen']);
    expect(nominationsOf(list).map(({ no }) => no)).toEqual([1, 2]);
  });

  it('of a new award has no mark until it is written', () => {
    const draft = { kind: 'individual', name: 'Vũ Ba', unit: '', summary: '' } as const;
    const list = withCase(emptyList(), 'Huân chương', draft);
    expect(listFaults(list).map((fault) => fault.field)).toEqual(['share', 'citation']);
  });

  it('is not saved empty, nor with a case twice', () => {
    expect(listFaults(emptyList()).map((fault) => fault.field)).toEqual(['cases']);
    const twice = withNominations(emptyList(), [LIST[0] as Nomination, LIST[0] as Nomination]);
    expect(listFaults(twice)).toEqual([{ place: 'case', at: 1, field: 'twice' }]);
  });

  it('refuses a hint in the place of a citation, and an empty one', () => {
    const list = withNominations(emptyList(), LIST);
    const group = list.groups[0];
    if (group === undefined) throw new Error('no group');
    for (const citation of ['', '  ', 'Điều … Quy chế của Hội đồng']) {
      const changed = withRule(list, group.id, { ...group.rule, citation });
      expect(listFaults(changed).map((fault) => fault.field)).toEqual(['citation']);
    }
  });

  it('asks why a high award is not reckoned on all members', () => {
    const list = withNominations(emptyList(), [
      nomination(1, 'Vũ Ba', 'Chiến sĩ thi đua tỉnh', { base: 'present_members' }),
    ]);
    expect(listFaults(list).map((fault) => fault.field)).toEqual(['base_reason']);
    const other = withNominations(emptyList(), [
      nomination(1, 'Vũ Ba', 'Giấy khen', { base: 'present_members' }),
    ]);
    expect(listFaults(other)).toEqual([]);
  });

  it('writes texts on one line, composed', () => {
    const list = withCase(emptyList(), 'Giấy khen', {
      kind: 'individual',
      name: 'Va\u0303n  Ba',
      unit: '',
      summary: 'Một\nhai',
    });
    const group = list.groups[0];
    if (group === undefined) throw new Error('no group');
    const rule = { ...group.rule, share: '66,5 %', citation: 'Điều 1', quorum: '80 %' };
    expect(nominationsOf(withRule(list, group.id, rule))).toEqual([
      {
        no: 1,
        kind: 'individual',
        name: 'Vãn Ba',
        unit: '',
        award: 'Giấy khen',
        summary: 'Một hai',
        rule: {
          share: '66.5%',
          comparator: 'at_least',
          base: 'all_members',
          citation: 'Điều 1',
          quorum: { share: '80%' },
        },
      },
    ]);
  });
});

describe('a share', () => {
  it.each(['90%', '66,5%', '66.5 %', '2/3', '100%'])('%s is one', (text) => {
    expect(isShare(text)).toBe(true);
  });
  it.each(['', '90', '0%', '101%', '3/2', '-5%', 'nửa'])('"%s" is none', (text) => {
    expect(isShare(text)).toBe(false);
  });
  it('is sent in the spelling of the service', () => {
    expect(shareText(' 66,5 % ')).toBe('66.5%');
  });
});
