/** Somebody's unused invitation: register, or say that it is another's. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { InspectionView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { NotTouchedError } from '../device/device_key.ts';
import { t } from '../words/words.ts';
import { CopyLink } from './copy_link.tsx';
import { isLockUsed, NoStorageError, type Wish } from './joining.ts';
import { mayStartAnew, type Phase, start } from './phases.ts';

type InvitedPhase = Extract<Phase, { invitation: InspectionView }>;

export function Invited(props: {
  code: string;
  phase: InvitedPhase;
  setPhase: (phase: Phase) => void;
}): JSX.Element {
  const { code, phase, setPhase } = props;
  const { invitation } = phase;
  const [isBusy, setBusy] = useState(false);
  const [tries, setTries] = useState(0);
  const begin = async (wish: Partial<Wish>) => {
    setBusy(true);
    const next = await start(code, invitation, { withoutLock: false, anew: false, ...wish });
    setBusy(false);
    setTries((before) => before + 1);
    setPhase(next);
  };
  const show = (name: 'invited' | 'not_me') => () => setPhase({ name, invitation, fault: null });
  switch (phase.name) {
    case 'not_me':
      return <NotMe invitation={invitation} onBack={show('invited')} />;
    case 'no_screen_lock':
      return <NoScreenLock invitation={invitation} isBusy={isBusy} onStart={begin} />;
    case 'invited':
      return (
        <Offer
          phase={phase}
          tries={tries}
          isBusy={isBusy}
          onStart={begin}
          onNotMe={show('not_me')}
        />
      );
  }
}

type Start = (wish: Partial<Wish>) => Promise<void>;

function Offer(props: {
  phase: Extract<Phase, { name: 'invited' }>;
  /** So that the same fault is heard again. */
  tries: number;
  isBusy: boolean;
  onStart: Start;
  onNotMe: () => void;
}): JSX.Element {
  const { phase, tries, isBusy, onStart, onNotMe } = props;
  const { name, council_name: council } = phase.invitation;
  return (
    <Page title={t('join.title', { name })} where={council ?? ''}>
      {phase.fault === null ? null : <Fault key={tries} fault={phase.fault} />}
      <Explanation />
      <div class="stack tight">
        <Button kind="main" full busy={isBusy} onClick={() => void onStart({})}>
          {t('join.button')}
        </Button>
        <Button full busy={isBusy} onClick={onNotMe}>
          {t('join.not_me')}
        </Button>
        <p role="status" class={isBusy ? 'centre' : 'visually-hidden'}>
          {isBusy ? t('join.registering') : ''}
        </p>
      </div>
      <Anew phase={phase} isBusy={isBusy} onStart={onStart} />
    </Page>
  );
}

/** What will happen: the phone asks, or it only remembers. */
function Explanation(): JSX.Element | null {
  const [isAsked, setAsked] = useState<boolean | null>(null);
  useEffect(() => {
    void isLockUsed().then(setAsked);
  }, []);
  if (isAsked === null) return null;
  return <p>{t(isAsked ? 'join.explain' : 'join.explain_device')}</p>;
}

function Fault({ fault }: { fault: unknown }): JSX.Element {
  const isPrivate = fault instanceof NoStorageError && fault.health !== 'full';
  return (
    <>
      <Notice kind="caution" live="alert">
        {faultText(fault)}
      </Notice>
      {isPrivate ? <CopyLink explanation={t('join.private_copy')} /> : null}
    </>
  );
}

function faultText(fault: unknown): string {
  if (fault instanceof NotTouchedError) return t('join.not_touched');
  if (fault instanceof NoStorageError) {
    return t(fault.health === 'full' ? 'error.storage_full' : 'error.private-tab');
  }
  return errorText(fault);
}

/** This person's earlier key does not answer: perhaps it was removed in the phone's settings. */
function Anew(props: { phase: Phase; isBusy: boolean; onStart: Start }): JSX.Element | null {
  const { phase, isBusy, onStart } = props;
  const [isOffered, setOffered] = useState(false);
  useEffect(() => {
    void mayStartAnew(phase).then(setOffered);
  }, [phase]);
  if (!isOffered) return null;
  return (
    <details>
      <summary>{t('join.anew_title')}</summary>
      <div class="stack">
        <p>{t('join.anew_explain')}</p>
        <Button full busy={isBusy} onClick={() => void onStart({ anew: true })}>
          {t('join.anew')}
        </Button>
      </div>
    </details>
  );
}

function NotMe(props: { invitation: InspectionView; onBack: () => void }): JSX.Element {
  const { name, council_name: council } = props.invitation;
  return (
    <Page title={t('join.not_me_title')} where={council ?? ''}>
      <Notice live="status">{t('join.not_me_explain', { name })}</Notice>
      <Button full onClick={props.onBack}>
        {t('join.back', { name })}
      </Button>
    </Page>
  );
}

function NoScreenLock(props: {
  invitation: InspectionView;
  isBusy: boolean;
  onStart: Start;
}): JSX.Element {
  const { invitation, isBusy, onStart } = props;
  return (
    <Page title={t('join.no_screen_lock_title')} where={invitation.council_name ?? ''}>
      <Notice kind="caution" live="alert">
        {t('join.no_screen_lock')}
      </Notice>
      <Button kind="main" full busy={isBusy} onClick={() => void onStart({})}>
        {t('join.lock_set')}
      </Button>
      <details>
        <summary>{t('join.lock_there')}</summary>
        <div class="stack">
          <p>{t('join.lock_there_explain')}</p>
          <Button full busy={isBusy} onClick={() => void onStart({ withoutLock: true })}>
            {t('join.without_lock')}
          </Button>
        </div>
      </details>
    </Page>
  );
}
