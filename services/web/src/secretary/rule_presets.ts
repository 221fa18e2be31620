/** Rule presets of words.md §7: which fit an award, which hold on the meeting's day. */
import type { Preset } from '../api/types.ts';
import type { RuleDraft } from './nomination_list.ts';
import { folded } from './typed_text.ts';

/** Awards whose share is of all members unless a reason says otherwise (as the service warns). */
const AWARDS_OF_ALL_MEMBERS = [
  'Anh hùng Lao động',
  'Anh hùng Lực lượng vũ trang nhân dân',
  'Chiến sĩ thi đua',
  'Cờ thi đua',
].map(folded);

/** Whether the preset holds on `date` (`YYYY-MM-DD`, the meeting's). */
export function holdsOn(preset: Preset, date: string): boolean {
  return (
    (preset.valid_from === undefined || preset.valid_from <= date) &&
    (preset.valid_until === undefined || date <= preset.valid_until)
  );
}

/** Those made for this award that hold on the day first, then the others, `own` last. */
export function orderedPresets(presets: readonly Preset[], award: string, date: string): Preset[] {
  const rank = (preset: Preset): number => {
    if (preset.rule === undefined) return 3;
    if (!holdsOn(preset, date)) return 2;
    return isFor(preset, award) ? 0 : 1;
  };
  return [...presets].sort((one, other) => rank(one) - rank(other));
}

/** Whether words.md §7 names the award under this preset. */
export function isFor(preset: Preset, award: string): boolean {
  const wanted = folded(award);
  return preset.awards.some((each) => wanted.startsWith(folded(each)));
}

/**
 * The rule with what the preset says. Outside of its dates its citation is not taken over: another
 * one must be typed.
 */
export function withPreset(rule: RuleDraft, preset: Preset, date: string): RuleDraft {
  const citation = holdsOn(preset, date) ? preset.citation : undefined;
  return {
    ...rule,
    ...(preset.rule ?? {}),
    preset: preset.name,
    citation: citation ?? (rule.preset === preset.name ? rule.citation : ''),
  };
}

/** Whether another base than all members needs a reason in the minute for this award. */
export function needsBaseReason(award: string, base: RuleDraft['base']): boolean {
  const wanted = folded(award);
  return base !== 'all_members' && AWARDS_OF_ALL_MEMBERS.some((each) => wanted.startsWith(each));
}

/** Citations that belong to decrees which do not hold on `date` (words.md §7). */
export function outdatedCitations(presets: readonly Preset[], date: string): string[] {
  return presets
    .filter((preset) => preset.citation !== undefined && !holdsOn(preset, date))
    .map((preset) => preset.citation ?? '');
}
