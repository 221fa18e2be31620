/** Files beside a paper: copies that count as no signature, and the scan of what is signed by hand. */
import type { JSX } from 'preact';

import type { CopyView, PaperView } from '../api/types.ts';
import { t } from '../words/words.ts';
import { CopyUpload, ScanUpload } from './copy_uploads.tsx';
import { DownloadButton } from './download_button.tsx';
import { copyFile, recordFile } from './paper_access.ts';
import type { PaperCardProps } from './paper_card.tsx';
import { copyFileName, recordFileName, ZIP } from './paper_file_names.ts';
import { mayBeSignedByHand } from './signing_order.ts';

export function PaperCopies(props: PaperCardProps): JSX.Element {
  const { paper, member } = props;
  const copies = paper.copies;
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
        {member === null ? (
          <>
            <CopyUpload {...props} />
            {mayBeSignedByHand(paper) ? <ScanUpload {...props} /> : null}
          </>
        ) : null}
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
