/** What the office makes of a finished paper: extracts, the submission's list, text to copy. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { ExtractsView, PaperView } from '../api/types.ts';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { DownloadButton } from './download_button.tsx';
import { extractFile, listExtracts, submissionList, textCopy } from './paper_access.ts';
import type { PaperCardProps } from './paper_card.tsx';
import {
  DOCX,
  extractFileName,
  PDF,
  SUBMISSION_LIST_NAME,
  textCopyName,
  XLSX,
} from './paper_file_names.ts';

export function PaperOutputs({ paper, meetingId }: PaperCardProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t(paper.kind === 'meeting' ? 'papers.outputs' : 'papers.outputs_text')}</summary>
      <div class="stack">
        {paper.kind === 'meeting' ? (
          <>
            {isOpen ? <Extracts paper={paper} /> : null}
            <DownloadButton
              label={t('papers.submission_download')}
              fileName={SUBMISSION_LIST_NAME}
              mediaType={XLSX}
              load={() => submissionList(meetingId)}
            />
          </>
        ) : null}
        <DownloadButton
          label={t('papers.text_copy_download')}
          fileName={textCopyName(paper)}
          mediaType={DOCX}
          load={() => textCopy(paper.id)}
        />
        <p class="quiet">{t('papers.text_copy_explain')}</p>
      </div>
    </details>
  );
}

function Extracts({ paper }: { paper: PaperView }): JSX.Element {
  const [extracts, setExtracts] = useState<ExtractsView | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    listExtracts(paper.id).then((found) => {
      setExtracts(found);
      setError(null);
    }, setError);
  }, [paper.id, paper.state]);
  if (error !== null) return <Notice kind="caution">{errorText(error)}</Notice>;
  if (extracts === null) return <p role="status">{t('app.loading')}</p>;
  return (
    <div class="stack tight">
      <span class="legend">{t('papers.extracts')}</span>
      {extracts.draft ? <p class="quiet">{t('papers.extracts_draft')}</p> : null}
      {extracts.extracts.map(({ no, title, cases, passed }) => (
        <DownloadButton
          key={no}
          label={t('papers.extract_download', { title, passed, cases })}
          fileName={extractFileName(paper, no)}
          mediaType={PDF}
          load={() => extractFile(paper.id, no)}
        />
      ))}
    </div>
  );
}
