/** A meeting as a board: the steps of its ballot at the side, one of them open. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import type { ElectionView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { ActError } from './act.tsx';
import { currentStep } from './board_steps.ts';
import { CancelSection } from './cancel_section.tsx';
import { ConsolePage } from './console_page.tsx';
import { instantText } from '../design/local_time.ts';
import { MeetingBoard, type MeetingPicture, shownElection } from './meeting_board.ts';
import { councilPlace, type MeetingPage, meetingPlace } from './places.ts';
import { NextStep, StepNav } from './step_nav.tsx';
import { StepPanel } from './step_panel.tsx';

interface Props {
  meetingId: string;
  uuid: string | null;
  page: MeetingPage | null;
}

export function MeetingView({ meetingId, uuid, page }: Props): JSX.Element {
  const board = useMemo(() => new MeetingBoard(meetingId, uuid), [meetingId]);
  useEffect(() => () => board.stop(), [board]);
  useEffect(() => board.show(uuid), [board, uuid]);
  const picture = board.picture.value;
  if (picture === null) {
    return (
      <ConsolePage title={t('secretary.meeting')} above={[]}>
        <ActError error={board.error.value} />
        {board.error.value === null ? <p role="status">{t('app.loading')}</p> : null}
        <Button onClick={() => void board.refresh()}>{t('app.retry')}</Button>
      </ConsolePage>
    );
  }
  const { council } = picture.council;
  return (
    <ConsolePage
      title={picture.meeting.title}
      above={[{ label: council.name, place: councilPlace(picture.meeting.council_id) }]}
    >
      <p class="quiet no-print">
        {instantText(picture.meeting.starts_at)} · {picture.meeting.venue}
        {picture.meeting.ended === true ? ` · ${t('secretary.meeting_ended')}` : ''}
      </p>
      {board.isReached.value ? null : <Notice live="status">{t('secretary.offline')}</Notice>}
      <Board key={uuid ?? ''} board={board} picture={picture} uuid={uuid} page={page} />
    </ConsolePage>
  );
}

/** What every step gets. */
export interface StepProps {
  board: MeetingBoard;
  picture: MeetingPicture;
  /** The ballot shown; null before it is drafted. */
  election: ElectionView | null;
}

function Board(props: {
  board: MeetingBoard;
  picture: MeetingPicture;
  uuid: string | null;
  page: MeetingPage | null;
}): JSX.Element {
  const { board, picture, uuid } = props;
  const election = shownElection(picture, uuid);
  const ballot = { election, attendance: picture.attendance, ceremony: picture.ceremony };
  const now = currentStep(ballot);
  // A step stays open while somebody works in it, even when the ballot goes on meanwhile.
  const [first] = useState<MeetingPage>(now);
  const page = props.page ?? first;
  return (
    <>
      <BallotChoice picture={picture} uuid={uuid} election={election} page={props.page} />
      <div class="board">
        <StepNav meetingId={picture.meeting.id} uuid={uuid} page={page} ballot={ballot} />
        <div class="stack">
          <StepPanel board={board} picture={picture} election={election} page={page} />
          <NextStep meetingId={picture.meeting.id} uuid={uuid} page={page} now={now} />
          {election === null ? null : (
            <CancelSection
              key={election.uuid}
              board={board}
              picture={picture}
              election={election}
            />
          )}
        </div>
      </div>
    </>
  );
}

/** Several ballots of one meeting: which one the board shows. */
function BallotChoice(props: {
  picture: MeetingPicture;
  uuid: string | null;
  election: ElectionView | null;
  page: MeetingPage | null;
}): JSX.Element | null {
  const { picture, uuid, election } = props;
  if (picture.elections.length < 2 && uuid !== 'new') return null;
  return (
    <nav class="row" aria-label={t('secretary.ballots')}>
      {picture.elections.map((each, index) => (
        <a
          key={each.uuid}
          class="button"
          aria-current={each.uuid === election?.uuid ? 'page' : undefined}
          href={`#${meetingPlace(picture.meeting.id, each.uuid)}`}
        >
          {ballotName(each, index)} · {t(`state.${each.state}`)}
        </a>
      ))}
      {uuid === 'new' ? (
        <span class="button" aria-current="page">
          {t('secretary.ballot_new')}
        </span>
      ) : null}
    </nav>
  );
}

function ballotName(election: ElectionView, index: number): string {
  return election.ballot_number === 2
    ? t('secretary.ballot_second')
    : t('secretary.ballot_name', { n: index + 1 });
}
