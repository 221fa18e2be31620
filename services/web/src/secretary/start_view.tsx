/** The console's first page: the meetings, the councils, and who else may work here. */
import type { JSX } from 'preact';

import type { CouncilListView, MeetingListView, MeetingView } from '../api/types.ts';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { ConsolePage } from './console_page.tsx';
import { ask } from './console_request.ts';
import { Waiting, useLoaded } from './loaded.tsx';
import { instantText } from '../design/local_time.ts';
import { councilPlace, meetingPlace } from './places.ts';

interface Everything {
  councils: CouncilListView['councils'];
  meetings: MeetingView[];
}

export function StartView(): JSX.Element {
  const loaded = useLoaded<Everything>('start', readEverything);
  return (
    <ConsolePage title={t('secretary.title')}>
      {loaded.value === null ? (
        <Waiting loaded={loaded} />
      ) : (
        <div class="two-columns">
          <Meetings {...loaded.value} />
          <div class="stack">
            <Councils councils={loaded.value.councils} />
            <section class="card">
              <h2>{t('secretary.secretaries')}</h2>
              <p class="quiet">{t('secretary.secretaries_explain')}</p>
              <p>
                <a class="button" href="#/secretaries">
                  {t('secretary.secretaries_open')}
                </a>
              </p>
            </section>
          </div>
        </div>
      )}
    </ConsolePage>
  );
}

function Meetings({ councils, meetings }: Everything): JSX.Element {
  const [only] = councils;
  const names = new Map(councils.map((council) => [council.id, council.name]));
  return (
    <section class="card">
      <h2>{t('secretary.meetings')}</h2>
      {only === undefined ? <Notice>{t('secretary.first_steps')}</Notice> : null}
      {only !== undefined && meetings.length === 0 ? (
        <p class="quiet">{t('secretary.no_meetings')}</p>
      ) : null}
      <ul class="plain-list">
        {meetings.map((meeting) => (
          <li key={meeting.id}>
            <a class="list-link" href={`#${meetingPlace(meeting.id)}`}>
              <strong>{meeting.title}</strong>
              <span class="quiet">
                {instantText(meeting.starts_at)} · {names.get(meeting.council_id) ?? ''}
                {meeting.ended === true ? ` · ${t('secretary.meeting_ended')}` : ''}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {councils.length === 1 && only !== undefined ? (
        <p>
          <a class="button main" href={`#${councilPlace(only.id, 'meetings/new')}`}>
            {t('secretary.new_meeting')}
          </a>
        </p>
      ) : null}
    </section>
  );
}

function Councils({ councils }: { councils: CouncilListView['councils'] }): JSX.Element {
  const isFirst = councils.length === 0;
  return (
    <section class="card">
      <h2>{t('secretary.councils')}</h2>
      <ul class="plain-list">
        {councils.map((council) => (
          <li key={council.id}>
            <a class="list-link" href={`#${councilPlace(council.id)}`}>
              <strong>{council.name}</strong>
              <span class="quiet">{t('secretary.member_count', { n: council.members })}</span>
            </a>
          </li>
        ))}
      </ul>
      <p>
        <a class={isFirst ? 'button main' : 'button'} href="#/councils/new">
          {t('secretary.new_council')}
        </a>
      </p>
    </section>
  );
}

async function readEverything(): Promise<Everything> {
  const [{ councils }, { meetings }] = await Promise.all([
    ask<CouncilListView>('GET', '/councils'),
    ask<MeetingListView>('GET', '/meetings'),
  ]);
  return { councils, meetings };
}
