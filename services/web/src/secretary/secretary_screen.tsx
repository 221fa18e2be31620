/** `/secretary`: councils, rosters, invitations, and a meeting from its list to its papers. */
import './secretary.css';

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

import { place } from '../design/route.ts';
import { LoginGate, type Person } from '../login/login_gate.tsx';
import { t } from '../words/words.ts';
import { ConsolePage, secretaryName } from './console_page.tsx';
import { actAs } from './console_request.ts';
import { CouncilView } from './council_view.tsx';
import { InvitationsView } from './invitations_view.tsx';
import { MeetingView } from './meeting_view.tsx';
import { MembersView } from './members_view.tsx';
import { NewCouncilView } from './new_council_view.tsx';
import { NewMeetingView } from './new_meeting_view.tsx';
import { readConsolePlace } from './places.ts';
import { SecretariesView } from './secretaries_view.tsx';
import { StartView } from './start_view.tsx';

export function SecretaryScreen(): JSX.Element {
  return (
    <LoginGate role="secretary" title={t('secretary.title')}>
      {(person) => <Console person={person} />}
    </LoginGate>
  );
}

function Console({ person }: { person: Person }): JSX.Element {
  // Before the first page asks for anything.
  actAs(person.identity);
  useEffect(() => {
    secretaryName.value = person.account.name;
  }, [person.account.name]);
  return <ConsolePlaceView />;
}

function ConsolePlaceView(): JSX.Element {
  const at = readConsolePlace(place.value);
  switch (at.name) {
    case 'start':
      return <StartView />;
    case 'new_council':
      return <NewCouncilView />;
    case 'secretaries':
      return <SecretariesView />;
    case 'council':
      return <CouncilView key={at.councilId} councilId={at.councilId} />;
    case 'members':
      return <MembersView key={at.councilId} councilId={at.councilId} />;
    case 'invitations':
      return <InvitationsView key={at.councilId} councilId={at.councilId} />;
    case 'new_meeting':
      return <NewMeetingView key={at.councilId} councilId={at.councilId} />;
    case 'meeting':
      return <MeetingView key={at.meetingId} {...at} />;
    case 'unknown':
      return (
        <ConsolePage title={t('app.not_found')} above={[]}>
          <p>{t('secretary.unknown_place')}</p>
        </ConsolePage>
      );
  }
}
