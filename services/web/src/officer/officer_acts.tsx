/**
 * Start and end of the vote, and the way to the minute that waits for a signature, by the presiding officer or the head teller, where the meeting's
 * settings give these acts to them. Embedded by the member's and the tellers' screens.
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { ElectionView, MeetingView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { loadWords, t } from '../words/words.ts';
import { mayHavePapers, officerRole } from './officer_role.ts';
import { closeVoting, startVoting } from './voting_acts.ts';

export interface OfficerActsProps {
  meeting: MeetingView;
  election: ElectionView;
  /** Number of the member whose device this is. */
  member: number;
  /** What the service answered after the act. */
  onDone: (election: ElectionView) => void;
}

/**
 * One card with one button, or nothing for who has nothing to do now. It loads its own words
 * (`officer.*`). `hasOfficerAct` of officer_role.ts says beforehand whether there is a button.
 */
export function OfficerActs(props: OfficerActsProps): JSX.Element | null {
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    loadWords('officer').then(
      () => setReady(true),
      () => undefined, // offline: the next visit loads them
    );
  }, []);
  const { election, meeting, member } = props;
  const role = officerRole(meeting, election, member);
  if (!isReady) return null;
  if (role.starts && election.state === 'issuing') return <StartCard {...props} />;
  if (role.closes && election.state === 'voting') return <CloseCard {...props} />;
  return mayHavePapers(meeting, election, member) ? <PapersCard /> : null;
}

/** The minute is signed on the officer's page, which loads what that takes. */
function PapersCard(): JSX.Element {
  return (
    <section class="card" aria-label={t('officer.papers')}>
      <p>{t('officer.papers_explain')}</p>
      <a class="button" href="/officer">
        {t('officer.papers_link')}
      </a>
    </section>
  );
}

function StartCard({ election, onDone }: OfficerActsProps): JSX.Element {
  return (
    <section class="card" aria-label={t('officer.open_button')}>
      <p>{t('officer.starts')}</p>
      <p class="large" role="status">
        {t('officer.issued', { a: election.issued, c: election.confirmed })}
      </p>
      <ActButton
        label={t('officer.open_button')}
        act={() => startVoting(election)}
        onDone={onDone}
      />
    </section>
  );
}

function CloseCard({ election, onDone }: OfficerActsProps): JSX.Element {
  const missing = election.issued - election.returned;
  return (
    <section class="card" aria-label={t('officer.close_button')}>
      <p>{t('officer.closes')}</p>
      <p class="large" role="status">
        {t('officer.counts', { a: election.issued, b: election.returned })}
      </p>
      {missing > 0 ? <p class="quiet">{t('officer.missing', { k: missing })}</p> : null}
      <ActButton
        label={t('officer.close_button')}
        act={() => closeVoting(election)}
        onDone={onDone}
      />
    </section>
  );
}

function ActButton(props: {
  label: string;
  act: () => Promise<ElectionView | null>;
  onDone: (election: ElectionView) => void;
}): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = () => {
    setBusy(true);
    setError(null);
    props
      .act()
      .then((view) => {
        if (view !== null) props.onDone(view);
      }, setError)
      .finally(() => setBusy(false));
  };
  return (
    <>
      {error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(error)}
        </Notice>
      )}
      <Button kind="main" full busy={isBusy} onClick={run}>
        {props.label}
      </Button>
    </>
  );
}
