/** Cancelling a ballot with its reason; after a cancellation the way to a new one. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { CancellationReason, ElectionView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { ask as askPerson } from '../design/dialog.tsx';
import { ChoiceField, TextField } from '../design/field.tsx';
import { Qr } from '../design/qr.tsx';
import { goTo } from '../design/route.ts';
import { cancelLink } from '../officer/cancel_link.ts';
import { t } from '../words/words.ts';
import { ActError, useAct } from './act.tsx';
import { cancellationReasons, needsPresidingOfficer } from './cancellation.ts';
import { ask } from './console_request.ts';
import { copiedUuid } from './copied_list.ts';
import { CopyLink } from './invitation_link.tsx';
import type { StepProps } from './meeting_view.tsx';
import { officerName } from './officers.ts';
import { meetingPlace } from './places.ts';
import { CANCELLATION_TEXT, oneLine } from './typed_text.ts';

type Props = StepProps & { election: ElectionView };

export function CancelSection(props: Props): JSX.Element | null {
  const { election, picture } = props;
  if (election.state === 'cancelled') {
    if (picture.meeting.ended === true) return null;
    return (
      <p class="no-print">
        <Button
          onClick={() => {
            copiedUuid.value = election.uuid;
            goTo(meetingPlace(picture.meeting.id, 'new', 'list'));
          }}
        >
          {t('secretary.draft_again')}
        </Button>
      </p>
    );
  }
  const reasons = cancellationReasons(election);
  if (reasons.length === 0) return null;
  return (
    <details class="no-print">
      <summary>{t('secretary.cancel_button')}</summary>
      <CancelForm {...props} reasons={reasons} />
    </details>
  );
}

function CancelForm(props: Props & { reasons: readonly CancellationReason[] }): JSX.Element {
  const { board, picture, election, reasons } = props;
  const [chosen, setChosen] = useState<CancellationReason | null>(null);
  const [text, setText] = useState('');
  const acting = useAct(() => void board.refresh());
  const reason = chosen !== null && reasons.includes(chosen) ? chosen : null;
  const line = oneLine(text);
  const isReady = reason !== null && line !== '';
  const cancel = () =>
    acting.run(() => cancelBallot(election, reason ?? 'council_decision', line));
  return (
    <div class="card">
      <p>{t(cancelWhat(election))}</p>
      <ChoiceField
        legend={t('secretary.cancel_reason')}
        value={reason}
        options={reasons.map((each) => ({ value: each, label: t(`secretary.reason_${each}`) }))}
        onChange={setChosen}
      />
      <TextField
        label={t('secretary.cancel_text')}
        hint={t('secretary.cancel_text_hint')}
        value={text}
        maxLength={CANCELLATION_TEXT}
        onInput={setText}
      />
      <ActError error={acting.error} />
      {reason !== null && needsPresidingOfficer(election, reason) ? (
        <PresidingLink
          uuid={election.uuid}
          text={line}
          name={officerName(picture, election, 'presiding')}
        />
      ) : (
        <div>
          <Button busy={acting.isBusy} disabled={!isReady} onClick={cancel}>
            {t('secretary.cancel_do')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The presiding officer's own phone confirms and sends it (protocol.md §1 "Cancelled"). */
function PresidingLink(props: { uuid: string; text: string; name: string }): JSX.Element {
  const { uuid, text, name } = props;
  if (text === '') return <p class="quiet">{t('secretary.cancel_text_first')}</p>;
  const link = cancelLink(location.origin, { uuid, text });
  return (
    <div class="stack tight" role="status">
      <p>{t('secretary.cancel_presiding', { name })}</p>
      <Qr text={link} label={t('app.qr_of', { what: t('secretary.cancel_link') })} />
      <CopyLink link={link} />
    </div>
  );
}

async function cancelBallot(
  election: ElectionView,
  reason: CancellationReason,
  text: string,
): Promise<void> {
  const isSure = await askPerson({
    title: t('secretary.cancel_button'),
    text: `${t(cancelWhat(election))} ${t('secretary.cancel_confirm')}`,
    confirm: t('secretary.cancel_do'),
  });
  if (!isSure) return;
  await ask('POST', `/elections/${election.uuid}/cancel`, { reason, text });
}

function cancelWhat(
  election: ElectionView,
): 'secretary.cancel_what_early' | 'secretary.cancel_what_ballots' {
  return election.state === 'draft' || election.state === 'ceremony'
    ? 'secretary.cancel_what_early'
    : 'secretary.cancel_what_ballots';
}
