/** `/join#code`: whose invitation it is, and one button that makes this device that person's. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { ProblemError } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import type { InspectionView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { readFragmentSecret, removeFragment } from '../design/route.ts';
import type { Identity } from '../device/database.ts';
import { keyMeans, NotTouchedError } from '../device/device_key.ts';
import { inAppBrowser } from '../device/in_app_browser.ts';
import { isQuota } from '../device/storage_health.ts';
import { t } from '../words/words.ts';
import { InAppScreen } from './in_app_screen.tsx';
import {
  inspectInvitation,
  NoScreenLockError,
  NoStorageError,
  register,
} from './joining.ts';

type Phase =
  | { name: 'looking' }
  | { name: 'invited'; invitation: InspectionView; fault: unknown }
  | { name: 'not_me'; invitation: InspectionView }
  | { name: 'no_screen_lock'; invitation: InspectionView }
  | { name: 'done'; identity: Identity }
  | { name: 'already'; identities: readonly Identity[] }
  | { name: 'used' }
  | { name: 'failed'; fault: unknown };

export function JoinScreen(): JSX.Element {
  // The secret stays in the address until it was used, so that a reload goes on.
  const [code, setCode] = useState(readFragmentSecret);
  useEffect(() => {
    const read = () => setCode(readFragmentSecret());
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  if (inAppBrowser(navigator.userAgent) !== null) return <InAppScreen />;
  if (code === null) {
    return (
      <Page title={t('join.title_plain')}>
        <Notice kind="caution">{t('join.no_link')}</Notice>
      </Page>
    );
  }
  return <Join key={code} code={code} />;
}

function Join({ code }: { code: string }): JSX.Element {
  const [phase, setPhase] = useState<Phase>({ name: 'looking' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setPhase({ name: 'looking' });
    look(code).then(setPhase, (fault: unknown) => setPhase({ name: 'failed', fault }));
  }, [code, attempt]);
  useEffect(() => {
    if (phase.name === 'done') removeFragment();
  }, [phase.name]);
  switch (phase.name) {
    case 'looking':
      return (
        <Page title={t('join.title_plain')}>
          <p role="status">{t('app.loading')}</p>
        </Page>
      );
    case 'invited':
    case 'no_screen_lock':
    case 'not_me':
      return <Invited code={code} phase={phase} setPhase={setPhase} />;
    case 'done':
      return <Done identity={phase.identity} />;
    case 'already':
      return <Already identities={phase.identities} />;
    case 'used':
      return <LinkProblem text={t('join.link_used')} />;
    case 'failed':
      return <Failed fault={phase.fault} onRetry={() => setAttempt(attempt + 1)} />;
  }
}

async function look(code: string): Promise<Phase> {
  const inspection = await inspectInvitation(code);
  switch (inspection.name) {
    case 'invited':
      return { name: 'invited', invitation: inspection.invitation, fault: null };
    case 'registered':
      return { name: 'done', identity: inspection.identity };
    case 'used':
      return inspection.others.length === 0
        ? { name: 'used' }
        : { name: 'already', identities: inspection.others };
  }
}

type InvitedPhase = Extract<Phase, { invitation: InspectionView }>;

function Invited(props: {
  code: string;
  phase: InvitedPhase;
  setPhase: (phase: Phase) => void;
}): JSX.Element {
  const { code, phase, setPhase } = props;
  const { invitation } = phase;
  const [isBusy, setBusy] = useState(false);
  const start = (isLockAsked: boolean) => {
    setBusy(true);
    register(code, invitation, isLockAsked)
      .then(
        (identity) => setPhase({ name: 'done', identity }),
        (fault: unknown) => setPhase(afterFault(fault, invitation)),
      )
      .finally(() => setBusy(false));
  };
  if (phase.name === 'not_me') {
    const back = () => setPhase({ name: 'invited', invitation, fault: null });
    return <NotMe invitation={invitation} onBack={back} />;
  }
  if (phase.name === 'no_screen_lock') return <NoScreenLock isBusy={isBusy} onStart={start} />;
  return (
    <Page title={t('join.title', { name: invitation.name })} where={invitation.council_name ?? ''}>
      {phase.fault === null ? null : (
        <Notice kind="caution" live="alert">
          {faultText(phase.fault)}
        </Notice>
      )}
      <Explanation />
      <p role="status">{isBusy ? t('join.registering') : ''}</p>
      <div class="stack tight">
        <Button kind="main" full busy={isBusy} onClick={() => start(true)}>
          {t('join.button')}
        </Button>
        <Button full busy={isBusy} onClick={() => setPhase({ name: 'not_me', invitation })}>
          {t('join.not_me')}
        </Button>
      </div>
    </Page>
  );
}

/** What will happen: the phone asks, or it only remembers. */
function Explanation(): JSX.Element {
  const [isAsked, setAsked] = useState(true);
  useEffect(() => {
    void keyMeans().then((means) => setAsked(means === 'passkey'));
  }, []);
  return <p>{t(isAsked ? 'join.explain' : 'join.explain_device')}</p>;
}

function afterFault(fault: unknown, invitation: InspectionView): Phase {
  if (fault instanceof NoScreenLockError) return { name: 'no_screen_lock', invitation };
  const isLink = fault instanceof ProblemError && fault.problem.startsWith('invitation-');
  return isLink ? { name: 'failed', fault } : { name: 'invited', invitation, fault };
}

function faultText(fault: unknown): string {
  if (fault instanceof NotTouchedError) return t('join.not_touched');
  if (fault instanceof NoStorageError) {
    return t(fault.health === 'full' ? 'error.storage_full' : 'error.private-tab');
  }
  return isQuota(fault) ? t('error.storage_full') : errorText(fault);
}

function NotMe(props: { invitation: InspectionView; onBack: () => void }): JSX.Element {
  const { name } = props.invitation;
  return (
    <Page title={t('join.not_me_title')} where={props.invitation.council_name ?? ''}>
      <Notice live="status">{t('join.not_me_explain', { name })}</Notice>
      <Button full onClick={props.onBack}>
        {t('join.back', { name })}
      </Button>
    </Page>
  );
}

function NoScreenLock(props: {
  isBusy: boolean;
  onStart: (isLockAsked: boolean) => void;
}): JSX.Element {
  return (
    <Page title={t('join.title_plain')}>
      <Notice kind="caution" live="alert">
        {t('join.no_screen_lock')}
      </Notice>
      <Button kind="main" full busy={props.isBusy} onClick={() => props.onStart(true)}>
        {t('join.lock_set')}
      </Button>
      <details>
        <summary>{t('join.lock_there')}</summary>
        <div class="stack">
          <p>{t('join.lock_there_explain')}</p>
          <Button full busy={props.isBusy} onClick={() => props.onStart(false)}>
            {t('join.without_lock')}
          </Button>
        </div>
      </details>
    </Page>
  );
}

function Done({ identity }: { identity: Identity }): JSX.Element {
  return (
    <Page title={t('join.done_title')} where={identity.account.council_name ?? ''}>
      <Notice kind="done" live="status">
        {t('join.done')}
      </Notice>
      <Onward identity={identity} />
    </Page>
  );
}

/** To the part of who this is; a member comes first, since most are nothing else. */
function Onward({ identity }: { identity: Identity }): JSX.Element {
  const { roles } = identity.account;
  const [key, href] = roles.includes('member')
    ? (['join.done_member', '/'] as const)
    : roles.includes('secretary')
      ? (['join.done_secretary', '/secretary'] as const)
      : (['join.done_auditor', '/verify'] as const);
  return (
    <a class="button main full" href={href}>
      {t(key)}
    </a>
  );
}

function Already({ identities }: { identities: readonly Identity[] }): JSX.Element {
  return (
    <Page title={t('join.already_title')}>
      <Notice kind="caution" live="status">
        {t('join.link_used')}
      </Notice>
      {identities.map((identity) => (
        <div class="card" key={identity.fingerprint}>
          <p>{t('join.already', { name: identity.account.name })}</p>
          <Onward identity={identity} />
        </div>
      ))}
    </Page>
  );
}

function LinkProblem({ text }: { text: string }): JSX.Element {
  return (
    <Page title={t('join.link_title')}>
      <Notice kind="caution" live="alert">
        {text}
      </Notice>
    </Page>
  );
}

function Failed({ fault, onRetry }: { fault: unknown; onRetry: () => void }): JSX.Element {
  if (fault instanceof ProblemError && fault.problem.startsWith('invitation-')) {
    const isUsed = fault.problem === 'invitation-used';
    return <LinkProblem text={isUsed ? t('join.link_used') : errorText(fault)} />;
  }
  return (
    <Page title={t('join.title_plain')}>
      <Notice kind="caution" live="alert">
        {errorText(fault)}
      </Notice>
      <Button full onClick={onRetry}>
        {t('app.retry')}
      </Button>
    </Page>
  );
}
