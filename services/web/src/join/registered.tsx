/** The device is somebody's: by this invitation, or by another when this one is of no use. */
import type { JSX } from 'preact';

import type { ProblemError } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import type { Identity } from '../device/database.ts';
import { t } from '../words/words.ts';

export function Done({ identity }: { identity: Identity }): JSX.Element {
  const { name, council_name: council } = identity.account;
  return (
    <Page title={t('join.done_title', { name })} where={council ?? ''}>
      <Notice kind="done" live="status">
        {t('join.done')}
      </Notice>
      <Onward identity={identity} isMain />
    </Page>
  );
}

/** Whom this device is registered for; `problem`: why the link that was opened is of no use. */
export function Already(props: {
  people: readonly Identity[];
  problem?: ProblemError | null;
}): JSX.Element {
  const { people, problem = null } = props;
  return (
    <Page title={t('join.already_title')}>
      {problem === null ? null : (
        <Notice kind="caution" live="alert">
          {refusalText(problem)}
        </Notice>
      )}
      {people.map((identity) => (
        <div class="card" key={identity.fingerprint}>
          <p>{t('join.already', { name: identity.account.name })}</p>
          <Onward identity={identity} isMain={people.length === 1} />
        </div>
      ))}
    </Page>
  );
}

/** Nobody is registered here, and the link is of no use, or there is none. */
export function Refused({ problem }: { problem: ProblemError | null }): JSX.Element {
  return (
    <Page title={t(problem === null ? 'join.title_plain' : 'join.link_title')}>
      <Notice kind="caution" live="alert">
        {problem === null ? t('join.no_link') : refusalText(problem)}
      </Notice>
    </Page>
  );
}

function refusalText(problem: ProblemError): string {
  return problem.problem === 'invitation-used' ? t('join.link_used') : errorText(problem);
}

/** To the part of who this is; a member comes first, since most are nothing else. */
function Onward({ identity, isMain }: { identity: Identity; isMain: boolean }): JSX.Element {
  const { roles } = identity.account;
  const [key, href] = roles.includes('member')
    ? (['join.done_member', '/'] as const)
    : roles.includes('secretary')
      ? (['join.done_secretary', '/secretary'] as const)
      : (['join.done_auditor', '/verify'] as const);
  return (
    <a class={isMain ? 'button main full' : 'button full'} href={href}>
      {t(key)}
    </a>
  );
}
