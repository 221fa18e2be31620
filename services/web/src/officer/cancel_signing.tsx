/** The presiding officer's phone confirms a cancellation after closing (protocol.md §1, §11). */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { request } from '../api/client.ts';
import { errorText } from '../api/error_text.ts';
import type { ElectionView, MeetingView } from '../api/types.ts';
import { electionCode } from '../crypto/codes.ts';
import { cancelMessage } from '../crypto/device_keys.ts';
import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { ask } from '../design/dialog.tsx';
import { Notice } from '../design/notice.tsx';
import { signMessage } from '../device/device_key.ts';
import { serviceSettings } from '../device/service_settings.ts';
import type { Person } from '../login/login_gate.tsx';
import { t } from '../words/words.ts';
import type { ProposedCancellation } from './cancel_link.ts';

const REASON = 'trustees_unavailable';

type Phase =
  | { name: 'looking' }
  | { name: 'refused'; why: 'not_due' | 'not_presiding' }
  | { name: 'asking'; phi: string; code: string }
  | { name: 'done' };

interface Props {
  person: Person;
  proposed: ProposedCancellation;
}

/**
 * Shows what is to be cancelled and why, and signs and sends it after one question.
 *
 * The code is computed here from the very phi that is signed, so that it can be compared with the
 * hall's: the service cannot have another election signed away.
 */
export function CancelSigning({ person, proposed }: Props): JSX.Element {
  const [phase, setPhase] = useState<Phase>({ name: 'looking' });
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    look(person, proposed.uuid).then(setPhase, setError);
  }, [proposed.uuid]);
  const sign = (phi: string) => {
    setBusy(true);
    setError(null);
    confirmAndSend(person, proposed, phi)
      .then((isSent) => (isSent ? setPhase({ name: 'done' }) : undefined), setError)
      .finally(() => setBusy(false));
  };
  return (
    <div class="stack">
      {error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(error)}
        </Notice>
      )}
      {phase.name === 'looking' && error === null ? (
        <p role="status">{t('app.loading')}</p>
      ) : null}
      {phase.name === 'refused' ? (
        <Notice live="status">{t(`officer.cancel_${phase.why}`)}</Notice>
      ) : null}
      {phase.name === 'done' ? (
        <Notice kind="done" live="status">
          {t('officer.cancel_done')}
        </Notice>
      ) : null}
      {phase.name === 'asking' ? (
        <>
          <p>{t('officer.cancel_explain')}</p>
          <section class="card">
            <h2>{t('officer.cancel_reason')}</h2>
            <p class="large">{proposed.text}</p>
            <Code name={t('code.election')} code={phase.code} />
            <p class="quiet">{t('officer.cancel_compare')}</p>
          </section>
          <p>{t('officer.cancel_what')}</p>
          <Button kind="main" full busy={isBusy} onClick={() => sign(phase.phi)}>
            {t('officer.cancel_button')}
          </Button>
        </>
      ) : null}
    </div>
  );
}

async function look(person: Person, uuid: string): Promise<Phase> {
  const election = await request<ElectionView>('GET', `/elections/${uuid}`);
  if (election.state === 'cancelled') return { name: 'done' };
  const { phi } = election;
  if (election.state !== 'closed' || phi === undefined) return { name: 'refused', why: 'not_due' };
  const meeting = await request<MeetingView>('GET', `/meetings/${election.meeting_id}`);
  if (meeting.presiding !== person.account.member) return { name: 'refused', why: 'not_presiding' };
  return { name: 'asking', phi, code: await electionCode(phi) };
}

/** False when the person says no. Throws ProblemError, NotTouchedError. */
async function confirmAndSend(
  person: Person,
  { uuid, text }: ProposedCancellation,
  phi: string,
): Promise<boolean> {
  const isSure = await ask({
    title: t('officer.cancel_button'),
    text: t('officer.cancel_confirm'),
    confirm: t('officer.cancel_button'),
  });
  if (!isSure) return false;
  const { rp_id } = await serviceSettings();
  const message = cancelMessage(phi, person.account.member ?? 0, REASON, text);
  const presiding_signature = await signMessage(person.identity, rp_id, message);
  const body = { reason: REASON, text, presiding_signature };
  await request('POST', `/elections/${uuid}/cancel`, body);
  return true;
}
