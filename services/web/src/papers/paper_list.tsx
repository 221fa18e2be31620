/**
 * The papers of a meeting that this person may see, each as a card. Used by the tellers', the
 * officers' and the secretary's screens; it loads its own words (`papers.*`).
 */
import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { PaperView } from '../api/types.ts';
import { Notice } from '../design/notice.tsx';
import { loadWords, t } from '../words/words.ts';
import './papers.css';
import { listPapers } from './paper_access.ts';
import { PaperCard } from './paper_card.tsx';
import { ownFirst } from './signing_order.ts';

const REFRESH_MS = 10_000;

export interface PaperListProps {
  meetingId: string;
  /**
   * Number of the member whose device this is; null at the secretary's desk, which brings any
   * signature, confirms certificates, and does the records clerk's part.
   */
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
    const look = () => {
      if (document.visibilityState === 'visible') void refresh();
    };
    const timer = setInterval(look, REFRESH_MS);
    // Who comes back from the signing program sees at once what others did meanwhile.
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [refresh, version]);
  if (!isReady) return null;
  return (
    <div class="stack">
      {error === null ? null : <Notice kind="caution">{errorText(error)}</Notice>}
      {papers !== null && papers.length === 0 ? <p class="quiet">{t('papers.none')}</p> : null}
      {ownFirst(papers ?? [], props.member).map((paper) => (
        <PaperCard key={paper.id} {...props} paper={paper} onDone={() => void refresh()} />
      ))}
    </div>
  );
}
