/**
 * The papers of a meeting that this person may see: who has signed, the file to sign, and the way
 * back. Used by the tellers' and the secretary's screens; it loads its own words (`papers.*`).
 */
import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { PaperView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { FileDrop } from '../design/file_drop.tsx';
import { Notice } from '../design/notice.tsx';
import { saveFile } from '../design/save_file.ts';
import { loadWords, t } from '../words/words.ts';
import './papers.css';
import { bringBack, listPapers, mustSign, paperFile, paperFileName } from './paper_signing.ts';

const REFRESH_MS = 10_000;

export interface PaperListProps {
  meetingId: string;
  /** Number of the member whose device this is; null for a secretary who is no member. */
  member: number | null;
  /** Names of the members by number, to say who signs where. */
  names: ReadonlyMap<number, string>;
  /** Only papers over this election. */
  uuid?: string;
  /** Change it to have the list asked for again, e.g. after a paper was drawn up. */
  version?: number;
  /** Called when the list, or a signature in it, has changed. */
  onChange?: (papers: PaperView[]) => void;
}

export function PaperList(props: PaperListProps): JSX.Element | null {
  const { meetingId, uuid, version, onChange } = props;
  const [papers, setPapers] = useState<PaperView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isReady, setReady] = useState(false);
  const refresh = useCallback(async () => {
    try {
      const all = await listPapers(meetingId);
      const shown = all.filter((paper) => uuid === undefined || paper.uuids.includes(uuid));
      setPapers((before) => {
        if (JSON.stringify(before) === JSON.stringify(shown)) return before;
        onChange?.(shown);
        return shown;
      });
      setError(null);
    } catch (failure) {
      setError(failure);
    }
  }, [meetingId, uuid]);
  useEffect(() => {
    loadWords('papers').then(
      () => setReady(true),
      () => undefined, // offline before the first use: nothing to show
    );
  }, []);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh, version]);
  if (!isReady) return null;
  return (
    <div class="stack">
      {error === null ? null : <Notice kind="caution">{errorText(error)}</Notice>}
      {papers !== null && papers.length === 0 ? <p class="quiet">{t('papers.none')}</p> : null}
      {papers?.map((paper) => (
        <PaperCard key={paper.id} {...props} paper={paper} onSigned={() => void refresh()} />
      ))}
    </div>
  );
}

interface PaperCardProps extends PaperListProps {
  paper: PaperView;
  onSigned: () => void;
}

function PaperCard({ paper, member, names, onSigned }: PaperCardProps): JSX.Element {
  const title = t(paper.kind === 'counting' ? 'papers.counting' : 'papers.meeting');
  return (
    <section class="card" aria-label={title}>
      <div class="row spread">
        <h3>{title}</h3>
        <strong>{t(`papers.state_${paper.state}`)}</strong>
      </div>
      <ul class="paper-fields">
        {paper.fields.map((field) => (
          <li key={field.name}>
            <span aria-hidden="true">{field.signed ? '✓' : '○'}</span>
            <span>
              {t('papers.field', {
                role: field.role,
                name: names.get(field.member) ?? t('papers.member', { no: field.member }),
                state: t(field.signed ? 'papers.field_signed' : 'papers.field_open'),
              })}
            </span>
          </li>
        ))}
      </ul>
      <PaperActs paper={paper} isMine={mustSign(paper, member)} onSigned={onSigned} />
    </section>
  );
}

/** Download always; the way back as long as a signature is missing. */
function PaperActs(props: {
  paper: PaperView;
  isMine: boolean;
  onSigned: () => void;
}): JSX.Element {
  const { paper, isMine, onSigned } = props;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isTaken, setTaken] = useState(false);
  const act = (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    work()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  const download = () =>
    act(async () => {
      saveFile(paperFileName(paper), await paperFile(paper.id), 'application/pdf');
    });
  const upload = (file: File) =>
    act(async () => {
      setTaken(false);
      await bringBack(paper.id, file);
      setTaken(true);
      onSigned();
    });
  return (
    <div class="stack">
      {isMine ? <p>{t('papers.how')}</p> : null}
      <Button kind={isMine ? 'main' : 'normal'} full busy={isBusy} onClick={download}>
        {t(isMine ? 'papers.download_to_sign' : 'papers.download')}
      </Button>
      {paper.state === 'signing' ? (
        <FileDrop label={t('papers.upload')} accept="application/pdf" onFile={upload} />
      ) : null}
      {isTaken ? (
        <Notice kind="done" live="status">
          {t('papers.taken')}
        </Notice>
      ) : null}
      {error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(error)}
        </Notice>
      )}
    </div>
  );
}
