/** `/teller`: who is in a counting team takes the key here, opens the sum and announces it. */
import './tellers.css';

import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';

import { isLoginRequired, request } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import type { CouncilView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { goTo, place } from '../design/route.ts';
import { holdTab, type TabHold } from '../device/one_tab.ts';
import { LoginGate, type Person } from '../login/login_gate.tsx';
import { setAddressForm, t } from '../words/words.ts';
import { CountingView } from './counting_view.tsx';
import { currentDuty, type Duty, findDuties } from './teller_duties.ts';

const REFRESH_MS = 5_000;

export function TellerScreen(): JSX.Element {
  const [login, setLogin] = useState(0);
  return (
    <LoginGate key={login} role="member" title={t('tellers.title')}>
      {(person) => <OneTab person={person} onLoggedOut={() => setLogin(login + 1)} />}
    </LoginGate>
  );
}

interface AreaProps {
  person: Person;
  onLoggedOut: () => void;
}

/** Two tabs would race for one share: one acts, the other may take over. */
function OneTab(props: AreaProps): JSX.Element {
  const { fingerprint } = props.person.identity;
  const [state, setState] = useState<'waiting' | 'mine' | 'other'>('waiting');
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let hold: TabHold | null = null;
    let isGone = false;
    const lost = () => setState('other');
    void holdTab(`teller.${fingerprint}`, attempt > 0, lost).then((held) => {
      if (isGone) held?.release();
      else setState(held === null ? 'other' : 'mine');
      hold = held;
    });
    return () => {
      isGone = true;
      hold?.release();
    };
  }, [fingerprint, attempt]);
  if (state === 'mine') return <TellerArea {...props} />;
  return (
    <Page title={t('tellers.title')}>
      {state === 'waiting' ? (
        <p role="status">{t('app.loading')}</p>
      ) : (
        <Notice kind="caution" live="alert">
          <p>{t('error.other_tab')}</p>
          <Button onClick={() => setAttempt(attempt + 1)}>{t('error.other_tab_use')}</Button>
        </Notice>
      )}
    </Page>
  );
}

function TellerArea({ person, onLoggedOut }: AreaProps): JSX.Element {
  const { account } = person;
  const { member, council_id: councilId } = account;
  const [duties, setDuties] = useState<Duty[] | null>(null);
  const [names, setNames] = useState<ReadonlyMap<number, string>>(new Map());
  const [error, setError] = useState<unknown>(null);
  const refresh = useCallback(async () => {
    if (member === undefined || councilId === undefined) return;
    try {
      setDuties(await findDuties(member, councilId));
      setError(null);
    } catch (failure) {
      if (isLoginRequired(failure)) onLoggedOut();
      else setError(failure);
    }
  }, [member, councilId]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  useEffect(() => {
    if (councilId === undefined) return;
    request<CouncilView>('GET', `/councils/${councilId}`).then(
      ({ members }) => setNames(new Map(members.map((each) => [each.no, each.name]))),
      () => undefined, // names are shown by number until they are there
    );
  }, [councilId, duties === null]);
  const asked = /^\/elections\/([1-9A-HJ-NP-Za-km-z]+)$/.exec(place.value)?.[1] ?? null;
  const duty = duties === null ? null : currentDuty(duties, asked);
  useEffect(() => {
    setAddressForm(duty?.meeting.address_form ?? 'dong_chi');
  }, [duty?.meeting.address_form]);
  if (duty === null || member === undefined) {
    return <NoDuty isLoading={duties === null} error={error} />;
  }
  const { uuid } = duty.election;
  return (
    <CountingView
      key={uuid}
      uuid={uuid}
      member={member}
      meeting={duty.meeting}
      person={person}
      names={names}
      onLoggedOut={onLoggedOut}
      others={<OtherDuties duties={duties ?? []} shown={uuid} />}
    />
  );
}

function NoDuty({ isLoading, error }: { isLoading: boolean; error: unknown }): JSX.Element {
  return (
    <Page title={t('tellers.title')}>
      {error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(error)}
        </Notice>
      )}
      <p role="status">{isLoading ? t('app.loading') : t('tellers.none')}</p>
      <p>
        <a class="button plain" href="/">
          {t('tellers.member_page')}
        </a>
      </p>
    </Page>
  );
}

/** The way to the ballot of one's own and to other elections; below, never in the way. */
function OtherDuties({ duties, shown }: { duties: Duty[]; shown: string }): JSX.Element {
  const others = duties.filter(({ election }) => election.uuid !== shown);
  return (
    <nav class="stack tight" aria-label={t('tellers.others')}>
      <a class="button plain" href="/">
        {t('tellers.member_page')}
      </a>
      {others.length === 0 ? null : (
        <details>
          <summary>{t('tellers.others')}</summary>
          <div class="stack tight">
            {others.map(({ meeting, election }) => (
              <Button
                full
                key={election.uuid}
                onClick={() => goTo(`/elections/${election.uuid}`)}
              >
                {t('tellers.where', { title: meeting.title, n: election.ballot_number })}
                {` · ${t(`state.${election.state}`)}`}
              </Button>
            ))}
          </div>
        </details>
      )}
    </nav>
  );
}
