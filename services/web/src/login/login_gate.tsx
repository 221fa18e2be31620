/** Lets a person into an area with a key of this device: by itself, or with one touch of a passkey. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { AccountView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import type { Identity } from '../device/database.ts';
import { NotTouchedError } from '../device/device_key.ts';
import { listIdentities } from '../device/identities.ts';
import { currentAccount, logIn } from '../device/login.ts';
import { t } from '../words/words.ts';

export type Role = AccountView['roles'][number];

/** A person who is logged in on this device, with the key that acts for them. */
export interface Person {
  identity: Identity;
  account: AccountView;
}

interface Props {
  /** What the person must be in this area. */
  role: Role;
  title: string;
  children: (person: Person) => ComponentChildren;
  /** Shown below while nobody is logged in: what this device has kept and can show without. */
  kept?: ComponentChildren;
}

type Phase =
  | { name: 'looking' }
  | { name: 'choosing'; identities: Identity[] }
  | { name: 'touch'; identity: Identity }
  | { name: 'nobody' }
  | { name: 'in'; person: Person }
  | { name: 'failed'; error: unknown; identity: Identity | null };

/** Shows `children` once somebody of that role is logged in. */
export function LoginGate({ role, title, children, kept }: Props): JSX.Element {
  const [phase, setPhase] = useState<Phase>({ name: 'looking' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setPhase({ name: 'looking' });
    look(role).then(setPhase, (error: unknown) =>
      setPhase({ name: 'failed', error, identity: null }),
    );
  }, [role, attempt]);
  const enter = (identity: Identity) => {
    setPhase({ name: 'looking' });
    logIn(identity).then(
      (fresh) => setPhase({ name: 'in', person: { identity: fresh, account: fresh.account } }),
      (error: unknown) =>
        setPhase(
          error instanceof NotTouchedError
            ? { name: 'touch', identity }
            : { name: 'failed', error, identity },
        ),
    );
  };
  if (phase.name === 'in') return <>{children(phase.person)}</>;
  return (
    <Page title={title}>
      <Waiting phase={phase} enter={enter} retry={() => setAttempt(attempt + 1)} />
      {kept}
    </Page>
  );
}

function Waiting(props: {
  phase: Exclude<Phase, { name: 'in' }>;
  enter: (identity: Identity) => void;
  retry: () => void;
}): JSX.Element {
  const { phase, enter, retry } = props;
  switch (phase.name) {
    case 'looking':
      return <p role="status">{t('app.loading')}</p>;
    case 'nobody':
      return <Notice live="status">{t('login.other_device')}</Notice>;
    case 'touch':
      return (
        <div class="stack">
          <p class="large">{phase.identity.account.name}</p>
          <p>{t('login.explain')}</p>
          <Button kind="main" full onClick={() => enter(phase.identity)}>
            {t('login.button')}
          </Button>
        </div>
      );
    case 'choosing':
      return (
        <div class="stack">
          <p>{t('login.choose')}</p>
          {phase.identities.map((identity) => (
            <Button full key={identity.fingerprint} onClick={() => enter(identity)}>
              {identity.account.name}
            </Button>
          ))}
        </div>
      );
    case 'failed':
      return (
        <div class="stack">
          <Notice kind="caution" live="alert">
            {errorText(phase.error)}
          </Notice>
          <Button full onClick={() => (phase.identity === null ? retry() : enter(phase.identity))}>
            {t('app.retry')}
          </Button>
        </div>
      );
  }
}

async function look(role: Role): Promise<Phase> {
  const identities = (await listIdentities()).filter(
    (each) => each.account.roles.includes(role) && each.kind !== 'kiosk',
  );
  const account = await currentAccount();
  const current = identities.find(
    (each) =>
      each.account.id === account?.id &&
      (account.fingerprint === undefined || account.fingerprint === each.fingerprint),
  );
  if (account !== null && current !== undefined) {
    return { name: 'in', person: { identity: current, account } };
  }
  const [only, ...others] = identities;
  if (only === undefined) return { name: 'nobody' };
  if (others.length > 0) return { name: 'choosing', identities };
  if (only.kind === 'passkey') return { name: 'touch', identity: only };
  const fresh = await logIn(only);
  return { name: 'in', person: { identity: fresh, account: fresh.account } };
}
