/** Starting and ending the vote, each asked once in the words of words.md §2. */
import { request } from '../api/client.ts';
import type { ElectionView } from '../api/types.ts';
import { ask } from '../design/dialog.tsx';
import { t } from '../words/words.ts';

/** Ask, then start the voting; null when the person says no. Throws ProblemError. */
export async function startVoting(election: ElectionView): Promise<ElectionView | null> {
  const waiting = election.issued - election.confirmed;
  const question = t('officer.open_confirm', {
    n: election.nominations.length,
    a: election.issued,
  });
  const isSure = await ask({
    title: t('officer.open_button'),
    text:
      waiting > 0 ? `${question} ${t('officer.open_unconfirmed', { k: waiting })}` : question,
    confirm: t('officer.open_button'),
  });
  return isSure ? request<ElectionView>('POST', `/elections/${election.uuid}/start`, {}) : null;
}

/** Ask, then end the voting and seal the box; null when the person says no. Throws ProblemError. */
export async function closeVoting(election: ElectionView): Promise<ElectionView | null> {
  const missing = election.issued - election.returned;
  const isSure = await ask({
    title: t('officer.close_button'),
    text:
      missing > 0
        ? t('officer.close_confirm', { k: missing })
        : t('officer.close_confirm_all', { b: election.returned }),
    confirm: t('officer.close_button'),
  });
  return isSure ? request<ElectionView>('POST', `/elections/${election.uuid}/close`, {}) : null;
}
