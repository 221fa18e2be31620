/** People who are no members, secretaries and auditors: invited by name, and invited again. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { AccountView, AuditorView, InvitationView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { ask } from './console_request.ts';
import { InvitationLink } from './invitation_link.tsx';
import { oneLine } from './typed_text.ts';

export interface NamedAccountsProps {
  accounts: readonly AccountView[];
  /** Where they are named (POST) and, under their id, invited again. */
  path: string;
  addLabel: string;
  onChanged: () => void;
}

interface Invited {
  name: string;
  invitation: InvitationView;
}

export function NamedAccounts(props: NamedAccountsProps): JSX.Element {
  const [invited, setInvited] = useState<Invited | null>(null);
  const [name, setName] = useState('');
  const acting = useAct(props.onChanged);
  const add = () =>
    acting.run(async () => {
      const wanted = oneLine(name);
      if (wanted === '') return;
      const made = await ask<AuditorView>('POST', props.path, { name: wanted });
      setInvited({ name: wanted, invitation: made });
      setName('');
    });
  const again = (account: AccountView) =>
    acting.run(async () => {
      if (account.device_kind !== undefined && !(await isSure(account.name))) return;
      const path = `${props.path}/${account.id}/invitation`;
      setInvited({ name: account.name, invitation: await ask<InvitationView>('POST', path, {}) });
    });
  return (
    <>
      <AccountList accounts={props.accounts} onAgain={again} />
      <ActError error={acting.error} />
      {invited === null ? null : <InvitationLink {...invited} />}
      <form
        class="stack tight"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField label={t('secretary.name')} value={name} maxLength={300} onInput={setName} />
        <Button type="submit" busy={acting.isBusy}>
          {props.addLabel}
        </Button>
      </form>
    </>
  );
}

function AccountList(props: {
  accounts: readonly AccountView[];
  onAgain: (account: AccountView) => void;
}): JSX.Element {
  return (
    <ul class="plain-list">
      {props.accounts.map((account) => (
        <li class="row spread" key={account.id}>
          <span>
            <strong>{account.name}</strong>
            <br />
            <span class="quiet">
              {account.device_kind === undefined
                ? t('secretary.not_enrolled')
                : t('secretary.enrolled')}
            </span>
          </span>
          <Button
            label={t('secretary.reinvite_name', { name: account.name })}
            onClick={() => props.onAgain(account)}
          >
            {t('secretary.reinvite')}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function isSure(name: string): Promise<boolean> {
  return askPerson({
    title: t('secretary.reinvite'),
    text: t('secretary.reinvite_confirm', { name }),
    confirm: t('secretary.reinvite'),
  });
}
