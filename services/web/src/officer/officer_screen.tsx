/**
 * `/officer`: acts that a meeting's settings give to the presiding officer or the head teller, and
 * the minute that the meeting's two officers sign.
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { request } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import { followElection } from '../api/events.ts';
import type { CouncilView, ElectionView, MeetingListView, MeetingView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { place } from '../design/route.ts';
import { LoginGate, type Person } from '../login/login_gate.tsx';
import { PaperList } from '../papers/paper_list.tsx';
import { setAddressForm, t } from '../words/words.ts';
import { CancelSigning } from './cancel_signing.tsx';
import { readCancelPlace } from './cancel_link.ts';
import { OfficerActs } from './officer_acts.tsx';
import { hasOfficerAct, mayHavePapers } from './officer_role.ts';

interface Found {
  meeting: MeetingView | null;
  election: ElectionView | null;
  /** The newest meeting, ended or not, whose minute this member signs. */
  signs: MeetingView | null;
}

/** Leads a member who holds an office to its one act of the moment. */
export function OfficerScreen(): JSX.Element {
  const isCancelling = place.value.startsWith('/cancel/');
  return (
    <LoginGate role="member" title={t('officer.title')}>
      {(person) => (isCancelling ? <Cancelling person={person} /> : <Acts person={person} />)}
    </LoginGate>
  );
}

function Cancelling({ person }: { person: Person }): JSX.Element {
  const proposed = readCancelPlace(place.value);
  return (
    <Page title={t('officer.cancel_title')} where={person.account.council_name ?? ''}>
      {proposed === null ? (
        <Notice kind="caution">{t('officer.cancel_bad_link')}</Notice>
      ) : (
        <CancelSigning person={person} proposed={proposed} />
      )}
    </Page>
  );
}

function Acts({ person }: { person: Person }): JSX.Element {
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isReached, setReached] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const { member } = person.account;
  const look = () => readCurrent(member).then(setFound, setError);
  useEffect(() => {
    setError(null);
    void look();
  }, [attempt]);
  const uuid = found?.election?.uuid;
  const signs = found?.signs ?? null;
  useEffect(
    () => (uuid === undefined ? undefined : followElection(uuid, () => void look(), setReached)),
    [uuid],
  );
  return (
    <Page title={t('officer.title')} where={(found?.meeting ?? signs)?.title ?? ''}>
      {isReached ? null : <Notice live="status">{t('officer.offline')}</Notice>}
      {error === null ? null : (
        <>
          <Notice kind="caution" live="alert">
            {errorText(error)}
          </Notice>
          <Button onClick={() => setAttempt(attempt + 1)}>{t('app.retry')}</Button>
        </>
      )}
      <CurrentAct found={found} member={member} onDone={() => void look()} />
      {signs === null || member === undefined ? null : (
        <MinuteToSign meeting={signs} member={member} />
      )}
      <p>
        <a href="/">{t('officer.to_ballot')}</a>
      </p>
    </Page>
  );
}

function CurrentAct(props: {
  found: Found | null;
  member: number | undefined;
  onDone: () => void;
}): JSX.Element | null {
  const { found, member, onDone } = props;
  if (found === null) return <p role="status">{t('app.loading')}</p>;
  const { meeting, election, signs } = found;
  const isActing =
    meeting !== null &&
    election !== null &&
    member !== undefined &&
    hasOfficerAct(meeting, election, member) &&
    !mayHavePapers(meeting, election, member); // those are on this page already
  if (!isActing) return signs === null ? <p role="status">{t('officer.nothing')}</p> : null;
  return <OfficerActs meeting={meeting} election={election} member={member} onDone={onDone} />;
}

/** The minute of a meeting for its two officers, whenever it is drawn up. */
function MinuteToSign({ meeting, member }: { meeting: MeetingView; member: number }): JSX.Element {
  const [names, setNames] = useState<ReadonlyMap<number, string>>(new Map());
  useEffect(() => {
    request<CouncilView>('GET', `/councils/${meeting.council_id}`).then(
      ({ members }) => setNames(new Map(members.map((each) => [each.no, each.name]))),
      () => undefined, // names are shown by number until they are there
    );
  }, [meeting.council_id]);
  return (
    <section class="stack" aria-label={t('officer.papers')}>
      <h2>{t('officer.papers')}</h2>
      <PaperList meetingId={meeting.id} member={member} names={names} />
    </section>
  );
}

/** The newest meeting that was not ended with its newest election, and whose minute is signed. */
async function readCurrent(member: number | undefined): Promise<Found> {
  const { meetings } = await request<MeetingListView>('GET', '/meetings');
  const meeting = meetings.find((each) => each.ended !== true) ?? null;
  const signs =
    meetings.find((each) => each.presiding === member || each.minute_taker === member) ?? null;
  setAddressForm((meeting ?? signs)?.address_form ?? 'dong_chi');
  const uuid = meeting?.elections.at(-1);
  const election =
    uuid === undefined ? null : await request<ElectionView>('GET', `/elections/${uuid}`);
  return { meeting, election, signs };
}
