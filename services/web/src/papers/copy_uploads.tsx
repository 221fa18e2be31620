/** The secretary's desk keeps what comes from outside: copies, and scans of what is signed by hand. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { ProblemError } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import { type Acting, useAct } from '../design/acting.ts';
import { Button } from '../design/button.tsx';
import { ask } from '../design/dialog.tsx';
import { TextField } from '../design/field.tsx';
import { FileDrop } from '../design/file_drop.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { finishByHand, uploadCopy } from './paper_access.ts';
import type { PaperCardProps } from './paper_card.tsx';
import { PDF, scanKind } from './paper_file_names.ts';
import { isSignedByHand } from './signing_order.ts';

/** The scan shows no readable code, or not that of this paper: the printed one can be typed. */
const CODE_PROBLEMS = ['copy-code-missing', 'copy-of-another-paper'];

/** A PDF that another program has written anew. */
export function CopyUpload({ paper, onDone }: PaperCardProps): JSX.Element {
  const [isTaken, setTaken] = useState(false);
  const acting = useAct(onDone);
  const upload = (file: File) => {
    setTaken(false);
    acting.run(async () => {
      await uploadCopy(paper.id, 'copy', file, PDF);
      setTaken(true);
    });
  };
  return (
    <>
      <FileDrop label={t('papers.copy_upload')} accept={PDF} onFile={upload} />
      <Outcome isTaken={isTaken} acting={acting} />
    </>
  );
}

/** The way of councils whose members have no certificates. */
export function ScanUpload({ paper, onDone }: PaperCardProps): JSX.Element {
  const [sent, setSent] = useState<File | null>(null);
  const [code, setCode] = useState('');
  const [isTaken, setTaken] = useState(false);
  const acting = useAct(onDone);
  const upload = (file: File) => {
    const mediaType = scanKind(file.type);
    setTaken(false);
    setSent(file);
    acting.run(async () => {
      if (mediaType === null) throw new FileKindError();
      await uploadCopy(paper.id, 'hand_signed', file, mediaType, code.trim());
      setTaken(true);
      setCode('');
    });
  };
  const { error } = acting;
  const isCodeAsked = error instanceof ProblemError && CODE_PROBLEMS.includes(error.problem);
  return (
    <section class="paper-part" aria-label={t('papers.scan_title')}>
      <h4>{t('papers.scan_title')}</h4>
      <p>{t('papers.scan_explain')}</p>
      <FileDrop
        label={t('papers.scan_upload')}
        accept="application/pdf,image/png,image/jpeg"
        onFile={upload}
      />
      <Outcome isTaken={isTaken} acting={acting} />
      {(isCodeAsked || code !== '') && sent !== null ? (
        <>
          <TextField
            label={t('papers.scan_code')}
            hint={t('papers.scan_code_hint')}
            value={code}
            maxLength={40}
            onInput={setCode}
          />
          <div>
            <Button busy={acting.isBusy} disabled={code.trim() === ''} onClick={() => upload(sent)}>
              {t('papers.scan_again')}
            </Button>
          </div>
        </>
      ) : null}
      <FinishByHand paper={paper} onDone={onDone} />
    </section>
  );
}

/** Said by the secretary once the scan is of this paper: nobody but a reader checks ink. */
function FinishByHand(props: Pick<PaperCardProps, 'paper' | 'onDone'>): JSX.Element | null {
  const { paper, onDone } = props;
  const acting = useAct(onDone);
  const scan = paper.copies.find((copy) => copy.kind === 'hand_signed' && copy.matched);
  if (scan === undefined || isSignedByHand(paper)) return null;
  const finish = () =>
    acting.run(async () => {
      const isSure = await ask({
        title: t('papers.by_hand_button'),
        text: t('papers.by_hand_confirm'),
        confirm: t('papers.by_hand_button'),
      });
      if (isSure) await finishByHand(paper.id, scan.id);
    });
  return (
    <>
      <p>{t('papers.by_hand_explain')}</p>
      <Outcome isTaken={false} acting={acting} />
      <div>
        <Button kind="main" busy={acting.isBusy} onClick={finish}>
          {t('papers.by_hand_button')}
        </Button>
      </div>
    </>
  );
}

/** The browser names a kind of file that is none of a scan's. */
class FileKindError extends Error {}

function Outcome({ isTaken, acting }: { isTaken: boolean; acting: Acting }): JSX.Element | null {
  if (acting.error !== null) {
    const isKind = acting.error instanceof FileKindError;
    return (
      <Notice kind="caution" live="alert">
        {isKind ? t('papers.file_kind_wrong') : errorText(acting.error)}
      </Notice>
    );
  }
  return isTaken ? (
    <Notice kind="done" live="status">
      {t('papers.copy_taken')}
    </Notice>
  ) : null;
}
