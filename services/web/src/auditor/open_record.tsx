/** Opening the record of an election that the person may see: by meeting, newest first. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { request, requestBytes } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import type { ElectionView, MeetingListView, MeetingView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import type { Input } from './verification.ts';

const WITH_RECORD: readonly string[] = ['counted', 'minuted', 'cancelled'];

interface Props {
  onInput: (input: Input) => void;
}

/** Download a record with this device's login. Throws ProblemError, UnreachableError. */
export async function downloadRecord(uuid: string): Promise<Input> {
  const data = await requestBytes(`/elections/${uuid}/record.zip`);
  return { data, name: `record-${uuid}.zip` };
}

/** All meetings that this login sees; the elections of one are asked for when it is opened. */
export function OpenRecord({ onInput }: Props): JSX.Element {
  const [meetings, setMeetings] = useState<MeetingView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    request<MeetingListView>('GET', '/meetings').then(
      (answer) => setMeetings(answer.meetings),
      setError,
    );
  }, []);
  if (error !== null) return <Failure error={error} />;
  if (meetings === null) return <p role="status">{t('app.loading')}</p>;
  if (meetings.length === 0) return <Notice>{t('verify.open_none')}</Notice>;
  return (
    <div class="stack">
      {meetings.map((meeting) => (
        <Meeting key={meeting.id} meeting={meeting} onInput={onInput} />
      ))}
    </div>
  );
}

function Meeting({ meeting, onInput }: Props & { meeting: MeetingView }): JSX.Element {
  const [elections, setElections] = useState<ElectionView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (isOpen && elections === null) readElections(meeting).then(setElections, setError);
  }, [isOpen, elections, meeting]);
  return (
    <details class="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {meeting.title} · {meeting.starts_at.slice(0, 10).split('-').reverse().join('/')}
      </summary>
      {error === null ? null : <Failure error={error} />}
      {elections === null && error === null ? <p role="status">{t('app.loading')}</p> : null}
      {elections?.length === 0 ? <p>{t('verify.open_none_here')}</p> : null}
      <div class="stack">
        {elections?.map((election) => (
          <Election key={election.uuid} election={election} onInput={onInput} />
        ))}
      </div>
    </details>
  );
}

function Election({ election, onInput }: Props & { election: ElectionView }): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const open = () => {
    setBusy(true);
    setError(null);
    downloadRecord(election.uuid)
      .then(onInput, setError)
      .finally(() => setBusy(false));
  };
  const about = { n: election.ballot_number, cases: election.nominations.length };
  return (
    <div class="stack tight">
      <p>
        {t('verify.open_about', about)} · {t(`state.${election.state}`)}
      </p>
      <Button busy={isBusy} onClick={open}>
        {t(isBusy ? 'verify.downloading' : 'verify.open_election')}
      </Button>
      {error === null ? null : <Failure error={error} />}
    </div>
  );
}

function Failure({ error }: { error: unknown }): JSX.Element {
  return (
    <Notice kind="caution" live="alert">
      {errorText(error)}
    </Notice>
  );
}

/** Those that are at their end, so that there is a record. */
async function readElections(meeting: MeetingView): Promise<ElectionView[]> {
  const elections = await Promise.all(
    meeting.elections.map((uuid) => request<ElectionView>('GET', `/elections/${uuid}`)),
  );
  return elections.filter((election) => WITH_RECORD.includes(election.state));
}
