/** The scenes of the hall screen before the result: how to vote, the counts, the codes. */
import type { ComponentChildren, JSX } from 'preact';

import { Code } from '../design/code.tsx';
import { Qr } from '../design/qr.tsx';
import { t } from '../words/words.ts';
import { clockText, electionCodeValue } from './hall_scene.ts';
import type { HallView } from './hall_view.ts';

export interface SceneProps {
  view: HallView;
}

/** Before ballots are issued: how to vote, the way in, who is here. */
export function WaitingScene({ view }: SceneProps): JSX.Element {
  const { present, online, members } = view;
  return (
    <div class="hall-columns">
      <Instructions />
      <div class="hall-side">
        <div class="hall-here">
          <span class="hall-label">{t('hall.here')}</span>
          <strong class="hall-here-number">
            {t('hall.here_of', { n: present + online, total: members })}
          </strong>
          {online === 0 ? null : (
            <span class="hall-label">{t('hall.here_parts', { present, online })}</span>
          )}
        </div>
        <JoinQr />
      </div>
    </div>
  );
}

/** While ballots are issued: how to vote, how many are out, and the code that phones compare. */
export function IssuingScene({ view }: SceneProps): JSX.Element {
  return (
    <div class="hall-columns">
      <Instructions />
      <div class="hall-side">
        <Figure label={t('hall.issued')} value={view.issued} />
        {view.election_code === undefined ? null : (
          <Code
            name={t('code.election')}
            code={view.election_code}
            value={electionCodeValue(view.phi)}
          />
        )}
        <p class="hall-label">
          {t('hall.join')}: <strong>{location.host}</strong>
        </p>
      </div>
    </div>
  );
}

/** While votes are cast: two counts and the code, nothing else that could move a voter. */
export function VotingScene({ view }: SceneProps): JSX.Element {
  const missing = view.issued - view.returned;
  return (
    <div class="hall-stack">
      <div class="hall-figures">
        <Figure label={t('hall.issued')} value={view.issued} />
        <Figure label={t('hall.returned')} value={view.returned} />
      </div>
      <p class="hall-sentence">
        {missing === 0 ? t('hall.all_returned') : t('hall.missing', { k: missing })}
      </p>
      {view.election_code === undefined ? null : (
        <CodeToCompare
          name={t('code.election')}
          code={view.election_code}
          value={electionCodeValue(view.phi)}
        >
          <p class="hall-sentence">{t('hall.compare_election')}</p>
        </CodeToCompare>
      )}
    </div>
  );
}

/** The sealed box: its code, to be compared before the sum is opened. */
export function SealedScene({ view, isCounted }: SceneProps & { isCounted: boolean }): JSX.Element {
  const { issued: a, returned: b, check_window_ends_at: end } = view;
  return (
    <div class="hall-stack">
      {view.seal_code === undefined ? null : (
        <CodeToCompare name={t('code.seal')} code={view.seal_code} value={view.seal_value}>
          <p class="hall-sentence">{t(isCounted ? 'hall.counted' : 'hall.compare_seal')}</p>
        </CodeToCompare>
      )}
      {isCounted ? null : (
        <p class="hall-sentence">
          {end === undefined
            ? null
            : `${t('hall.opens_after', { time: clockText(new Date(end)) })} `}
          {t('hall.opening')}
        </p>
      )}
      <p class="hall-sentence">
        <strong>{t('hall.counts', { a, b })}</strong>
      </p>
      <PlainElectionCode view={view} />
    </div>
  );
}

/** A ballot that was called off, and why. */
export function CancelledScene({ view }: SceneProps): JSX.Element {
  return (
    <div class="hall-stack">
      {view.cancelled === undefined ? null : (
        <p class="hall-sentence large">
          {t('hall.cancelled_reason', { reason: t(`hall.cancelled_${view.cancelled}`) })}
        </p>
      )}
      <p class="hall-sentence">{t('hall.cancelled_next')}</p>
    </div>
  );
}

/** The election code in a line, for a screen whose main thing is another. */
export function PlainElectionCode({ view }: SceneProps): JSX.Element | null {
  if (view.election_code === undefined) return null;
  return (
    <div class="hall-plain-code">
      <Code name={t('code.election')} code={view.election_code} />
    </div>
  );
}

interface CodeToCompareProps {
  name: string;
  code: string;
  /** 32 bytes in hex, for the QR. */
  value: string | undefined;
  /** What to do with it. */
  children: ComponentChildren;
}

function CodeToCompare({ name, code, value, children }: CodeToCompareProps): JSX.Element {
  return (
    <div class="hall-code">
      <div class="hall-stack">
        <Code name={name} code={code} />
        {children}
      </div>
      {value === undefined ? null : <Qr text={value} label={t('app.qr_of', { what: name })} />}
    </div>
  );
}

function Figure({ label, value }: { label: string; value: number }): JSX.Element {
  return (
    <p class="hall-figure">
      <span class="hall-figure-label">{label}</span>{' '}
      <span class="nowrap">
        <strong class="hall-figure-number">{value}</strong>{' '}
        <span class="hall-figure-label">{t('hall.ballots')}</span>
      </span>
    </p>
  );
}

/** What the head teller reads aloud (words.md §4). */
function Instructions(): JSX.Element {
  return (
    <section class="hall-instructions" aria-label={t('hall.how')}>
      <p>{t('hall.read_intro')}</p>
      <ol>
        <li>{t('hall.read_compare')}</li>
        <li>{t('hall.read_mark')}</li>
        <li>{t('hall.read_cast')}</li>
        <li>{t('hall.read_done')}</li>
      </ol>
      <p>{t('hall.read_no_phone')}</p>
      <p>{t('hall.read_private')}</p>
    </section>
  );
}

function JoinQr(): JSX.Element {
  return (
    <div class="hall-join">
      <Qr text={`${location.origin}/`} label={t('app.qr_of', { what: t('hall.join_qr') })} />
      <p class="hall-label">
        {t('hall.join_explain')} <strong class="hall-address">{location.host}</strong>
      </p>
    </div>
  );
}
