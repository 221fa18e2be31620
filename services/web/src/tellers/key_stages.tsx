/** Taking the key, unlocking it, and waiting for the others: before the vote. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { rawFingerprint } from '../crypto/elections.ts';
import { toHex } from '../crypto/encodings.ts';
import { systemRandomness } from '../crypto/randomness.ts';
import { t } from '../words/words.ts';
import type { StageProps } from './counting_view.tsx';
import { missingTrustees } from './counting_device.ts';
import { canUsePasskey, keyFor, lockShare, NoSecretError } from './share_access.ts';
import { MIN_PASS_PHRASE_CHARACTERS, passPhraseProblem } from './share_lock.ts';

/** One tap; with a pass-phrase where the passkey gives no secret. */
export function TakeKey({ desk, person }: StageProps): JSX.Element {
  const ceremony = desk.ceremony.value;
  const isPhrase = !canUsePasskey(person.identity) || desk.error.value instanceof NoSecretError;
  const take = (passPhrase: string | null) =>
    desk.takeKey(() => lockShare(person.identity, desk.owner, passPhrase, systemRandomness));
  return (
    <div class="stack">
      {ceremony === null ? null : (
        <p>
          {t('key.explain', { k: ceremony.trustee_threshold, t: ceremony.trustees.length })}
        </p>
      )}
      {isPhrase ? (
        <NewPassPhrase isBusy={desk.isBusy.value} onDone={(phrase) => void take(phrase)} />
      ) : (
        <>
          <p class="quiet">{t('key.under_passkey')}</p>
          <Button kind="main" full busy={desk.isBusy.value} onClick={() => void take(null)}>
            {t(desk.isBusy.value ? 'key.busy' : 'key.button')}
          </Button>
        </>
      )}
      <Button kind="plain" onClick={() => void desk.useProgram(true)}>
        {t('program.own_choice')}
      </Button>
    </div>
  );
}

function NewPassPhrase(props: {
  isBusy: boolean;
  onDone: (phrase: string) => void;
}): JSX.Element {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [problem, setProblem] = useState<'short' | 'differ' | null>(null);
  const n = MIN_PASS_PHRASE_CHARACTERS;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (props.isBusy) return;
        const found = passPhraseProblem(first, second);
        setProblem(found);
        if (found === null) props.onDone(first);
      }}
    >
      <p>{t('key.under_phrase')}</p>
      <TextField
        label={t('key.phrase', { n })}
        type="password"
        autocomplete="off"
        value={first}
        onInput={setFirst}
        error={problem === 'short' ? t('key.phrase_short', { n }) : undefined}
      />
      <TextField
        label={t('key.phrase_again')}
        type="password"
        autocomplete="off"
        value={second}
        onInput={setSecond}
        error={problem === 'differ' ? t('key.phrase_differ') : undefined}
      />
      <Button kind="main" full type="submit" busy={props.isBusy}>
        {t(props.isBusy ? 'key.busy' : 'key.button')}
      </Button>
    </form>
  );
}

/** The share is on this device and locked. */
export function UnlockKey({ desk, person }: StageProps): JSX.Element {
  const [phrase, setPhrase] = useState('');
  const isPhrase = desk.lock.value?.kind === 'pass_phrase';
  const isBusy = desk.isBusy.value;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isBusy) return;
        void desk.unlock((lock) =>
          keyFor(person.identity, desk.owner, lock, isPhrase ? phrase : null),
        );
      }}
    >
      <p>{t('key.unlock_explain')}</p>
      {isPhrase ? (
        <TextField
          label={t('key.phrase', { n: MIN_PASS_PHRASE_CHARACTERS })}
          type="password"
          autocomplete="off"
          value={phrase}
          onInput={setPhrase}
        />
      ) : null}
      <Button kind="main" full type="submit" busy={isBusy}>
        {t(isBusy ? 'key.phrase_busy' : 'key.unlock')}
      </Button>
    </form>
  );
}

/** The other devices are not there yet; by name. */
export function WaitingKeys({ desk }: StageProps): JSX.Element {
  const ceremony = desk.ceremony.value;
  if (ceremony === null) return <p role="status">{t('app.loading')}</p>;
  const isIssuing = desk.election.value?.state === 'issuing';
  const others = missingTrustees(ceremony).filter((each) => each.member !== desk.owner.member);
  const i = ceremony.trustees.filter((each) => each.certificate).length;
  const total = ceremony.trustees.length;
  const isAll = i === total || others.length === 0;
  const text = isIssuing
    ? t('key.confirming')
    : isAll
      ? t('key.waiting_all', { i, t: total })
      : t('key.waiting', { i, t: total, name: others.map((each) => each.name).join(', ') });
  return (
    <div class="stack">
      <p class="large" role="status">
        {text}
      </p>
      <progress max={total} value={i} aria-label={t('key.title')} />
      <TeamProgress desk={desk} />
    </div>
  );
}

/** Who has a key, with a symbol and a word. */
export function TeamProgress({ desk }: Pick<StageProps, 'desk'>): JSX.Element | null {
  const ceremony = desk.ceremony.value;
  if (ceremony === null) return null;
  return (
    <ul class="team-progress" aria-label={t('tellers.team')}>
      {ceremony.trustees.map((each) => {
        const name = each.index === 1 ? t('tellers.head', { name: each.name }) : each.name;
        return (
          <li key={each.index}>
            <span aria-hidden="true">{each.certificate ? '✓' : '○'}</span>
            <span>{t(each.certificate ? 'key.state_done' : 'key.state_open', { name })}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** All keys are there; ballots are not issued yet. */
export function KeysDone({ desk }: StageProps): JSX.Element {
  const ceremony = desk.ceremony.value;
  return (
    <div class="stack">
      <Notice kind="done" live="status">
        {t('key.done', {
          k: ceremony?.trustee_threshold ?? 0,
          t: ceremony?.trustees.length ?? 0,
        })}
      </Notice>
      <p>{t('key.done_next')}</p>
      <TeamProgress desk={desk} />
    </div>
  );
}

/** From issuing to closing: the device has confirmed, its owner compares the election code. */
export function Confirmed({ desk }: StageProps): JSX.Element {
  const election = desk.election.value;
  const isVoting = election?.state === 'voting';
  const confirmed = desk.confirmed.value;
  const isWaiting = confirmed === null && !isVoting;
  return (
    <div class="stack">
      <Notice kind={isWaiting ? 'plain' : 'done'} live="status">
        {t(isVoting ? 'key.voting' : isWaiting ? 'key.confirming' : 'key.confirmed')}
      </Notice>
      {confirmed === null ? null : (
        <div class="card">
          <Code
            name={t('code.election')}
            code={confirmed.code}
            value={toHex(rawFingerprint(confirmed.phi))}
            qr="tap"
          />
          <p class="quiet">{t('key.compare_hall')}</p>
        </div>
      )}
      {election === null ? null : (
        <p role="status">{t('tally.counts', { a: election.issued, b: election.returned })}</p>
      )}
    </div>
  );
}

export function Elsewhere({ desk }: StageProps): JSX.Element {
  return (
    <div class="stack">
      <Notice live="status">{t('key.elsewhere')}</Notice>
      <Button kind="plain" onClick={() => void desk.useProgram(true)}>
        {t('program.own_choice')}
      </Button>
    </div>
  );
}
