/** Auditors of a council: who may verify its records. */
import type { JSX } from 'preact';

import type { AccountView } from '../api/types.ts';
import { t } from '../words/words.ts';
import { ask } from './console_request.ts';
import { useLoaded, Waiting } from './loaded.tsx';
import { NamedAccounts } from './named_accounts.tsx';

export function Auditors({ councilId }: { councilId: string }): JSX.Element {
  const path = `/councils/${councilId}/auditors`;
  const loaded = useLoaded(path, async () => {
    const { auditors } = await ask<{ auditors: AccountView[] }>('GET', path);
    return auditors;
  });
  return (
    <section class="card">
      <h2>{t('secretary.auditors')}</h2>
      <p class="quiet">{t('secretary.auditors_explain')}</p>
      {loaded.value === null ? (
        <Waiting loaded={loaded} />
      ) : (
        <NamedAccounts
          accounts={loaded.value}
          path={path}
          addLabel={t('secretary.auditor_add')}
          onChanged={loaded.reload}
        />
      )}
    </section>
  );
}
