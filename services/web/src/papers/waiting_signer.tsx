/** The secretary says whose certificate it is, from the certificate itself and from the person. */
import type { JSX } from 'preact';

import { errorText } from '../api/error_text.ts';
import type { PaperFieldView, SignerView } from '../api/types.ts';
import { useAct } from '../design/acting.ts';
import { Button } from '../design/button.tsx';
import { ask } from '../design/dialog.tsx';
import { instantText } from '../design/local_time.ts';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { confirmSigner, refuseSigner } from './paper_access.ts';
import type { PaperCardProps } from './paper_card.tsx';
import { shortHash } from './short_hash.ts';
import { signerName } from './signer_name.ts';

export function WaitingSigner(
  props: PaperCardProps & { field: PaperFieldView },
): JSX.Element | null {
  const { paper, field, names, onDone } = props;
  const acting = useAct(onDone);
  const signer = field.waiting ?? null;
  if (signer === null) return null;
  const name = signerName(field, names);
  const confirm = () =>
    acting.run(async () => {
      const isSure = await ask({
        title: t('papers.waiting', { name }),
        text: t('papers.waiting_yes_confirm', { subject: signer.subject, name }),
        confirm: t('papers.waiting_yes'),
      });
      if (isSure) await confirmSigner(paper.id, field.name, signer.sha256);
    });
  const refuse = () =>
    acting.run(async () => {
      const isSure = await ask({
        title: t('papers.waiting', { name }),
        text: t('papers.waiting_no_confirm', { name }),
        confirm: t('papers.waiting_no'),
      });
      if (isSure) await refuseSigner(paper.id, field.name, signer.sha256);
    });
  const title = t('papers.waiting', { name });
  return (
    <section class="paper-part" aria-label={title}>
      <h4>{title}</h4>
      <Certificate signer={signer} />
      <p>{t('papers.waiting_explain', { name })}</p>
      {paper.issuers_judged === true ? null : (
        <Notice kind="caution">{t('papers.waiting_not_judged')}</Notice>
      )}
      {acting.error === null ? null : (
        <Notice kind="caution" live="alert">
          {errorText(acting.error)}
        </Notice>
      )}
      <div class="row">
        <Button kind="main" busy={acting.isBusy} onClick={confirm}>
          {t('papers.waiting_yes')}
        </Button>
        <Button busy={acting.isBusy} onClick={refuse}>
          {t('papers.waiting_no')}
        </Button>
      </div>
    </section>
  );
}

function Certificate({ signer }: { signer: SignerView }): JSX.Element {
  const lines = [
    [t('papers.certificate_subject'), signer.subject],
    [t('papers.certificate_issuer'), signer.issuer],
    [t('papers.certificate_serial'), signer.serial],
    [t('papers.certificate_until'), instantText(signer.not_after)],
    [t('papers.certificate_hash'), shortHash(signer.sha256)],
  ] as const;
  return (
    <dl class="paper-certificate">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt class="quiet">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
