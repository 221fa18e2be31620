/** What a paper can be judged by beside itself: the issuers of certificates, a later record. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { FileDrop } from '../design/file_drop.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { MAX_MEGABYTES, type Named, type PaperExtras } from './verification.ts';

export interface PaperExtrasProps {
  extras: PaperExtras;
  onExtras: (extras: PaperExtras) => void;
}

export function PaperExtrasFields({ extras, onExtras }: PaperExtrasProps): JSX.Element {
  return (
    <details class="stack">
      <summary>{t('verify.extras_title')}</summary>
      <div class="stack">
        <p>{t('verify.extras_trust_explain')}</p>
        <Extra
          label={t('verify.extras_trust')}
          accept=".pem,.crt,.cer"
          taken={extras.trust}
          onTaken={(trust) => onExtras({ ...extras, trust })}
        />
        <p>{t('verify.extras_given_explain')}</p>
        <Extra
          label={t('verify.extras_given')}
          accept=".zip"
          taken={extras.given}
          onTaken={(given) => onExtras({ ...extras, given })}
        />
      </div>
    </details>
  );
}

interface ExtraProps {
  label: string;
  accept: string;
  taken: Named | undefined;
  onTaken: (file: Named) => void;
}

function Extra({ label, accept, taken, onTaken }: ExtraProps): JSX.Element {
  const [isRefused, setRefused] = useState(false);
  const take = async (file: File) => {
    setRefused(file.size > MAX_MEGABYTES * 1024 * 1024);
    if (file.size > MAX_MEGABYTES * 1024 * 1024) return;
    onTaken({ name: file.name, data: new Uint8Array(await file.arrayBuffer()) });
  };
  return (
    <>
      <FileDrop
        label={label}
        accept={accept}
        onFile={(file) => void take(file).catch(() => setRefused(true))}
      />
      <p role="status">
        {taken === undefined ? '' : t('verify.chosen', { name: taken.name })}
      </p>
      {isRefused ? (
        <Notice kind="caution" live="alert">
          {t('verify.extras_unreadable')}
        </Notice>
      ) : null}
    </>
  );
}
