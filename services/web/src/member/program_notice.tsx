/** Whether the program on this device is the one that the terms name (protocol.md §10). */
import type { JSX } from 'preact';

import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { clientHash } from '../design/page.tsx';
import { renewProgram } from '../device/client_program.ts';
import type { Terms } from '../schemas/terms.ts';
import { t } from '../words/words.ts';

/** A warning where they differ; nothing where one of them is not known. `terms`: the exact text. */
export function ProgramNotice({ terms }: { terms: string }): JSX.Element | null {
  const { client_hash: named } = JSON.parse(terms) as Terms;
  if (named === undefined || clientHash.value === null || clientHash.value === named) return null;
  return (
    <Notice kind="caution" live="alert">
      <p>{t('ballot.other_program')}</p>
      <Button onClick={() => void renewProgram()}>{t('ballot.reload')}</Button>
    </Notice>
  );
}
