/** Files beside a paper: copies that count as no signature, and the scan of what is signed by hand. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { CopyKind, CopyView, PaperView } from '../api/types.ts';
import { useAct } from '../design/acting.ts';
import { Button } from '../design/button.tsx';
import { ask } from '../design/dialog.tsx';
import { FileDrop } from '../design/file_drop.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { DownloadButton } from './download_button.tsx';
import { copyFile, finishByHand, recordFile, uploadCopy } from './paper_access.ts';
import type { PaperCardProps } from './paper_card.tsx';
import { copyFileName, PDF, recordFileName, scanKind, ZIP } from './paper_file_names.ts';
import { hasSignature } from './signing_order.ts';

export function PaperCopies(props: PaperCardProps): JSX.Element {
  const { paper, member } = props;
  const copies = paper.copies ?? [];
  return (
    <details>
      <summary>{t('papers.copies')}</summary>
      <div class="stack">
        <p class="quiet">{t('papers.copies_explain')}</p>
        {copies.length === 0 ? <p>{t('papers.copies_none')}</p> : null}
        {copies.length === 0 ? null : (
          <ul class="paper-copies">
            {copies.map((copy) => (
              <li key={copy.id}>
                <Copy paper={paper} copy={copy} />
              </li>
            ))}
          </ul>
        )}
        <DownloadButton
          label={t('papers.record_download')}
          fileName={recordFileName(paper)}
          mediaType={ZIP}
          load={() => recordFile(paper.id)}
        />
        <p class="quiet">{t('papers.record_explain')}</p>
        {member === null ? <Uploads {...props} /> : null}
      </div>
    </details>
  );
}

function Copy({ paper, copy }: { paper: PaperView; copy: CopyView }): JSX.Element {
  const fileName = copyFileName(paper, copy);
  return (
    <div class="stack tight">
      <span>
        {t('papers.copy_line', {
          kind: t(`papers.copy_${copy.kind}`),
          size: Math.max(1, Math.round(copy.size / 1024)),
          state: t(copy.matched ? 'papers.copy_matched' : 'papers.copy_unmatched'),
        })}
      </span>
      <DownloadButton
        label={t('papers.copy_download', { name: fileName })}
        fileName={fileName}
        mediaType={copy.media_type}
        load={() => copyFile(paper.id, copy.id)}
      />
    </div>
  );
}

/** The secretary's desk: what comes from outside is kept, and the way of councils without keys. */
function Uploads({ paper, onDone }: PaperCardProps): JSX.Element {
  const [isTaken, setTaken] = useState(false);
  const [isWrongKind, setWrongKind] = useState(false);
  const acting = useAct(onDone);
  const upload = (kind: CopyKind) => (file: File) => {
    const mediaType = kind === 'copy' ? PDF : scanKind(file.type);
    setTaken(false);
    setWrongKind(mediaType === null);
    if (mediaType === null) return;
    acting.run(async () => {
      await uploadCopy(paper.id, kind, file, mediaType);
      setTaken(true);
    });
  };
  const mayFinishByHand = paper.state === 'signing' && !hasSignature(paper);
  const scan = paper.copies?.find((copy) => copy.kind === 'hand_signed' && copy.matched);
  const finish = (copyId: string) =>
    acting.run(async () => {
      const isSure = await ask({
        title: t('papers.by_hand_button'),
        text: t('papers.by_hand_confirm'),
        confirm: t('papers.by_hand_button'),
      });
      if (isSure) await finishByHand(paper.id, copyId);
    });
  return (
    <>
      <FileDrop label={t('papers.copy_upload')} accept={PDF} onFile={upload('copy')} />
      <section class="paper-part" aria-label={t('papers.scan_title')}>
        <h4>{t('papers.scan_title')}</h4>
        <p>{t('papers.scan_explain')}</p>
        <FileDrop
          label={t('papers.scan_upload')}
          accept="application/pdf,image/png,image/jpeg"
          onFile={upload('hand_signed')}
        />
        {mayFinishByHand && scan !== undefined ? (
          <>
            <p>{t('papers.by_hand_explain')}</p>
            <div>
              <Button kind="main" busy={acting.isBusy} onClick={() => finish(scan.id)}>
                {t('papers.by_hand_button')}
              </Button>
            </div>
          </>
        ) : null}
      </section>
      {isTaken ? (
        <Notice kind="done" live="status">
          {t('papers.copy_taken')}
        </Notice>
      ) : null}
      {isWrongKind || acting.error !== null ? (
        <Notice kind="caution" live="alert">
          {isWrongKind ? t('papers.file_kind_wrong') : errorText(acting.error)}
        </Notice>
      ) : null}
    </>
  );
}
