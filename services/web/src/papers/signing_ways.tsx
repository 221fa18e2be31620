/** Download, sign outside, send back; and what to do when the file was refused. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { ProblemError } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import type { PaperFieldView } from '../api/types.ts';
import { useAct } from '../design/acting.ts';
import { Button } from '../design/button.tsx';
import { FileDrop } from '../design/file_drop.tsx';
import { Notice } from '../design/notice.tsx';
import { saveFile } from '../design/save_file.ts';
import { t } from '../words/words.ts';
import { bringBack, paperFile, uploadCopy } from './paper_access.ts';
import type { PaperCardProps } from './paper_card.tsx';
import { paperFileName, PDF } from './paper_file_names.ts';
import { fieldsWaiting } from './signing_order.ts';

/** The problem of a file that is not ours with one signature more: flattened, or saved anew. */
const NOT_OURS = 'paper-not-increment';

export interface SigningWaysProps extends PaperCardProps {
  /** It is this person's turn. */
  isMine: boolean;
  /** The fields whose signature this person may bring now. */
  due: readonly PaperFieldView[];
}

export function SigningWays(props: SigningWaysProps): JSX.Element {
  const { paper, isMine, due } = props;
  const downloading = useAct();
  const download = () =>
    downloading.run(async () => {
      saveFile(paperFileName(paper), await paperFile(paper.id), PDF);
    });
  const isToSign = due.length > 0;
  return (
    <div class="stack">
      {isMine ? (
        <ol class="paper-how">
          <li>{t('papers.how_download')}</li>
          <li>{t('papers.how_sign')}</li>
          <li>{t('papers.how_send')}</li>
        </ol>
      ) : null}
      <div>
        <Button
          kind={isMine ? 'main' : 'normal'}
          full={props.member !== null}
          busy={downloading.isBusy}
          onClick={download}
        >
          {t(isToSign ? 'papers.download_to_sign' : 'papers.download')}
        </Button>
      </div>
      {downloading.error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(downloading.error)}
        </Notice>
      )}
      <WayBack {...props} />
    </div>
  );
}

/** The upload as long as somebody's signature is due; what came of it stays to be read. */
function WayBack({ paper, member, due, onDone }: SigningWaysProps): JSX.Element {
  const [sent, setSent] = useState<File | null>(null);
  const [taken, setTaken] = useState<'taken' | 'taken_waiting' | null>(null);
  const sending = useAct();
  const upload = (file: File) => {
    setSent(file);
    setTaken(null);
    sending.run(async () => {
      const view = await bringBack(paper.id, file);
      setTaken(fieldsWaiting(view).length > 0 ? 'taken_waiting' : 'taken');
      onDone();
    });
  };
  return (
    <>
      {due.length > 0 ? (
        <FileDrop label={t('papers.upload')} accept={PDF} onFile={upload} />
      ) : null}
      {taken === 'taken' || (taken !== null && fieldsWaiting(paper).length > 0) ? (
        <Notice kind="done" live="status">
          {t(`papers.${taken}`)}
        </Notice>
      ) : null}
      {sending.error === null || sent === null ? null : (
        <Refused error={sending.error} file={sent} paperId={paper.id} mayKeep={member === null} />
      )}
    </>
  );
}

/** The service's reason, how to try again, and at the desk: the file is not lost. */
function Refused(props: {
  error: unknown;
  file: File;
  paperId: string;
  mayKeep: boolean;
}): JSX.Element {
  const { error, file, paperId, mayKeep } = props;
  const [kept, setKept] = useState<File | null>(null);
  const keeping = useAct();
  const keep = () =>
    keeping.run(async () => {
      await uploadCopy(paperId, 'copy', file, PDF);
      setKept(file);
    });
  const isNotOurs = error instanceof ProblemError && error.problem === NOT_OURS;
  return (
    <>
      <Notice kind="caution" live="alert">
        <p>{errorText(error)}</p>
      </Notice>
      {error instanceof ProblemError ? (
        <details>
          <summary>{t('papers.refused_help')}</summary>
          <ul>
            <li>{t('papers.refused_fresh')}</li>
            <li>{t('papers.refused_same')}</li>
            <li>{t('papers.refused_field')}</li>
            <li>{t('papers.refused_certificate')}</li>
          </ul>
        </details>
      ) : null}
      {isNotOurs && mayKeep && kept !== file ? (
        <div class="stack tight">
          <p>{t('papers.refused_keep')}</p>
          <div>
            <Button busy={keeping.isBusy} onClick={keep}>
              {t('papers.refused_keep_button')}
            </Button>
          </div>
        </div>
      ) : null}
      {kept === file ? (
        <Notice kind="done" live="status">
          {t('papers.refused_kept')}
        </Notice>
      ) : null}
      {keeping.error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(keeping.error)}
        </Notice>
      )}
    </>
  );
}
