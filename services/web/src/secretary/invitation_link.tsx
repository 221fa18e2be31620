/** The link of an invitation on the screen: as QR, to copy; it is shown this once. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { InvitationView } from '../api/types.ts';
import { Button } from '../design/button.tsx';
import { Qr } from '../design/qr.tsx';
import { t } from '../words/words.ts';
import { instantText } from '../design/local_time.ts';

export function InvitationLink(props: {
  name: string;
  invitation: InvitationView;
}): JSX.Element {
  const { name, invitation } = props;
  return (
    <div class="stack tight" role="status">
      <p>{t('secretary.invitation_for', { name })}</p>
      <Qr text={invitation.link} label={t('app.qr_of', { what: t('secretary.invitation') })} />
      <CopyLink link={invitation.link} />
      <p class="quiet">
        {t('secretary.invitation_until', { time: instantText(invitation.expires_at) })}
      </p>
    </div>
  );
}

/** Copies a link; says so in the button itself. */
export function CopyLink({ link }: { link: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <Button onClick={copy}>
      <span aria-live="polite">{isCopied ? t('app.copied') : t('secretary.copy_link')}</span>
    </Button>
  );
}
