/** A pass rule in words: "Mức cần đạt: từ 80% trở lên trên tổng số thành viên Hội đồng". */
import type { Rule } from '../api/types.ts';
import { t } from '../words/words.ts';

/** With the number of votes where it is known, and the citation. */
export function markText(
  rule: Pick<Rule, 'share' | 'comparator' | 'base' | 'citation'>,
  votes?: number,
  base?: number,
): string {
  const share = t(`secretary.mark_${rule.comparator}`, {
    share: rule.share.replace('.', ','),
    base: t(`secretary.base_${rule.base}`),
  });
  const mark =
    votes === undefined || base === undefined
      ? share
      : `${share}, ${t('secretary.mark_votes', { r: votes, of: base })}`;
  return `${t('secretary.mark')}: ${mark} (${rule.citation})`;
}
