/** Who else may take over this console. */
import type { JSX } from 'preact';

import type { AccountView } from '../api/types.ts';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { ConsolePage } from './console_page.tsx';
import { ask } from './console_request.ts';
import { useLoaded, Waiting } from './loaded.tsx';
import { NamedAccounts } from './named_accounts.tsx';

export function SecretariesView(): JSX.Element {
  const loaded = useLoaded('secretaries', async () => {
    const { secretaries } = await ask<{ secretaries: AccountView[] }>('GET', '/secretaries');
    return secretaries;
  });
  return (
    <ConsolePage title={t('secretary.secretaries')} above={[]}>
      <div class="stack narrow">
        <p>{t('secretary.secretaries_explain')}</p>
        <Notice>{t('secretary.secretaries_take_over')}</Notice>
        {loaded.value === null ? (
          <Waiting loaded={loaded} />
        ) : (
          <section class="card">
            <NamedAccounts
              accounts={loaded.value}
              path="/secretaries"
              addLabel={t('secretary.secretary_add')}
              onChanged={loaded.reload}
            />
          </section>
        )}
      </div>
    </ConsolePage>
  );
}
