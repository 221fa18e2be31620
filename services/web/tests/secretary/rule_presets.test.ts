import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { PresetsView } from '../../src/api/types.ts';
import { EMPTY_RULE } from '../../src/secretary/nomination_list.ts';
import {
  holdsOn,
  isFor,
  needsBaseReason,
  orderedPresets,
  outdatedCitations,
  withPreset,
} from '../../src/secretary/rule_presets.ts';

// The presets that the service really serves.
const { presets } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../council/presets.json'), 'utf8'),
) as PresetsView;

function preset(name: string) {
  const found = presets.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe('a preset', () => {
  it.each([
    ['2023-12-31', false],
    ['2024-01-01', true],
    ['2025-06-30', true],
    ['2025-07-01', false],
  ])('of Decree 98 on %s: %s', (date, holds) => {
    expect(holdsOn(preset('decree-98-90'), date)).toBe(holds);
  });

  it('without dates holds on every day', () => {
    expect(holdsOn(preset('council-90'), '2099-01-01')).toBe(true);
  });

  it('of the award that holds on the day comes first, the free one last', () => {
    const names = orderedPresets(presets, 'Chiến sĩ thi đua toàn quốc', '2026-12-15').map(
      (each) => each.name,
    );
    expect(names[0]).toBe('council-90');
    expect(names.at(-1)).toBe('own');
    const earlier = orderedPresets(presets, 'Chiến sĩ thi đua toàn quốc', '2024-12-15');
    expect(earlier.slice(0, 2).map((each) => each.name)).toEqual(['council-90', 'decree-98-90']);
  });

  it('knows awards by the beginning of their names', () => {
    expect(isFor(preset('local-80'), 'Huân chương Lao động hạng Ba')).toBe(true);
    expect(isFor(preset('council-80'), 'Huân chương Lao động hạng Ba')).toBe(false);
  });

  it('gives its mark, and its citation only on its days', () => {
    const during = withPreset(EMPTY_RULE, preset('decree-98-90'), '2024-05-01');
    expect(during).toMatchObject({ share: '90%', citation: expect.stringContaining('98/2023') });
    const after = withPreset(during, preset('decree-91'), '2026-05-01');
    expect(after).toMatchObject({ share: '90%', preset: 'decree-91', citation: '' });
  });

  it('of the council leaves the citation to be typed', () => {
    expect(withPreset(EMPTY_RULE, preset('council-80'), '2026-05-01').citation).toBe('');
  });
});

it('citations of decrees that do not hold on the day are known', () => {
  expect(outdatedCitations(presets, '2026-12-15')).toHaveLength(3);
  expect(outdatedCitations(presets, '2024-12-15')).toEqual([preset('decree-91').citation]);
});

it.each([
  ['Chiến sĩ thi đua cơ sở', 'present_members', true],
  ['Cờ thi đua của tỉnh', 'ballots_returned', true],
  ['Cờ thi đua của tỉnh', 'all_members', false],
  ['Lao động tiên tiến', 'present_members', false],
] as const)('%s of %s needs a reason: %s', (award, base, needs) => {
  expect(needsBaseReason(award, base)).toBe(needs);
});
