/** What the service warns of before the start, in the words of words.md. */
import type { JSX } from 'preact';

import type { ElectionView, WarningView } from '../api/types.ts';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';

export function Warnings({ election }: { election: ElectionView | null }): JSX.Element | null {
  const warnings = election?.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <Notice kind="caution" live="status">
      {warnings.map((warning) => (
        <p key={`${warning.kind} ${warning.award ?? ''}`}>{warningText(warning)}</p>
      ))}
    </Notice>
  );
}

function warningText(warning: WarningView): string {
  const award = warning.award ?? '';
  switch (warning.kind) {
    case 'reach':
      return t('secretary.reach_warning', {
        award,
        r: warning.votes_needed ?? 0,
        of: warning.members ?? 0,
        m: warning.can_vote ?? 0,
      });
    case 'participants-changed':
      return t('secretary.participants_warning');
    case 'base-without-reason':
      return t('secretary.base_warning', { award });
    case 'citation-outside-validity':
      return t('secretary.citation_warning', { award });
  }
}
