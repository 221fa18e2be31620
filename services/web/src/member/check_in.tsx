/** Check-in: the member's own device signs for it (protocol.md §11 `checkin`). */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { request } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import type { MeetingView } from '../api/types.ts';
import { checkinMessage } from '../crypto/device_messages.ts';
import { fromHex } from '../crypto/encodings.ts';
import { Button } from '../design/button.tsx';
import { ChoiceField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import type { Identity } from '../device/database.ts';
import { NotTouchedError, signMessage } from '../device/device_key.ts';
import { serviceSettings } from '../device/service_settings.ts';
import { t } from '../words/words.ts';

/** Sign the check-in and send it. Throws ProblemError, UnreachableError, NotTouchedError. */
export async function checkIn(
  identity: Identity,
  meetingId: string,
  member: number,
  online: boolean,
): Promise<void> {
  const path = `/meetings/${meetingId}/checkin`;
  const { nonce } = await request<{ nonce: string }>('POST', `${path}/nonces`);
  const { rp_id: rpId } = await serviceSettings();
  const message = checkinMessage(meetingId, member, fromHex(nonce));
  const signed = await signMessage(identity, rpId, message);
  await request('POST', path, { nonce, online, ...signed });
}

type Way = 'in_room' | 'online';

export interface CheckInProps {
  identity: Identity;
  meeting: MeetingView;
  member: number;
  onDone: () => Promise<void>;
}

export function CheckIn({ identity, meeting, member, onDone }: CheckInProps): JSX.Element {
  const [way, setWay] = useState<Way>('in_room');
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const send = () => {
    setBusy(true);
    setFault(null);
    checkIn(identity, meeting.id, member, way === 'online')
      .then(onDone)
      .catch(setFault)
      .finally(() => setBusy(false));
  };
  return (
    <>
      <ChoiceField
        legend={t('checkin.how')}
        value={way}
        options={[
          { value: 'in_room', label: t('checkin.in_room') },
          { value: 'online', label: t('checkin.online') },
        ]}
        onChange={setWay}
      />
      {identity.kind === 'passkey' ? <p class="quiet">{t('checkin.touch')}</p> : null}
      {fault === null ? null : (
        <Notice kind="caution" live="alert">
          {fault instanceof NotTouchedError ? t('checkin.not_touched') : errorText(fault)}
        </Notice>
      )}
      <Button kind="main" full busy={isBusy} onClick={send}>
        {t('checkin.button')}
      </Button>
    </>
  );
}
