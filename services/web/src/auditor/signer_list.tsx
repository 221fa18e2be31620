/** Who signed a paper, when, and whether that holds; what was not judged is said. */
import type { JSX } from 'preact';

import { Notice } from '../design/notice.tsx';
import type { PaperSignature } from '../verifier/paper/paper_signatures.ts';
import type { SignersView } from '../verifier/verify.ts';
import { type Key, language, t } from '../words/words.ts';

const PROBLEMS: Readonly<Record<string, Key>> = {
  'the signed bytes were changed': 'verify.signature_changed',
  'it does not cover the whole file as it stood': 'verify.signature_part',
  'the certificate had expired': 'verify.signature_expired',
  'the certificate was not valid yet': 'verify.signature_early',
  'the certificate is revoked': 'verify.signature_revoked',
};

export function SignerList({ signers }: { signers: SignersView }): JSX.Element {
  const { signatures, emptyFields, changes, areIssuersJudged } = signers;
  return (
    <section class="card">
      <h2>{t('verify.signers_title')}</h2>
      {signatures.length === 0 ? <p>{t('verify.signers_none')}</p> : null}
      {changes.length === 0 ? null : (
        <Notice kind="caution">
          <p>{t('verify.signers_later_change')}</p>
        </Notice>
      )}
      <ul class="checks">
        {signatures.map((signature) => (
          <Signer key={signature.field} signature={signature} />
        ))}
      </ul>
      {emptyFields.length === 0 ? null : (
        <>
          <p>{t('verify.signers_empty')}</p>
          <ul>
            {emptyFields.map(({ field, title }) => (
              <li key={field}>{title === '' ? field : title}</li>
            ))}
          </ul>
        </>
      )}
      {signatures.length === 0 ? null : (
        <p>{t(areIssuersJudged ? 'verify.signers_judged' : 'verify.signers_not_judged')}</p>
      )}
      <p class="quiet">{t('verify.signers_by_hand')}</p>
    </section>
  );
}

function Signer({ signature }: { signature: PaperSignature }): JSX.Element {
  const { signer, title, field, kind, time, stampedAt, problems, isTrusted } = signature;
  const named = title === '' ? field : title;
  const place = kind === 'time_stamp' ? t('verify.signature_time_stamp') : named;
  const isWrong = problems.length > 0 || isTrusted === false;
  return (
    <li class={isWrong ? 'check-row wrong' : 'check-row'}>
      <span class="check-symbol" aria-hidden="true">
        {isWrong ? '✗' : '✓'}
      </span>
      <div>
        <strong>{signer ?? place}</strong>
        {signer === null ? null : <p>{place}</p>}
        <p class="quiet">
          {time === null ? t('verify.signature_untimed') : timeText(kind, time)}
          {stampedAt === null
            ? ''
            : ` · ${t('verify.signature_stamped', { time: localTime(stampedAt) })}`}
        </p>
        {problems.map((problem) => (
          <p key={problem}>{t(PROBLEMS[problem] ?? 'verify.signature_wrong')}</p>
        ))}
        {isTrusted === false ? <p>{t('verify.signature_stranger')}</p> : null}
      </div>
    </li>
  );
}

function timeText(kind: PaperSignature['kind'], time: string): string {
  const key = kind === 'person' ? 'verify.signature_stated' : 'verify.signature_stamp_time';
  return t(key, { time: localTime(time) });
}

/** In the time of Vietnam, where the paper is from, whatever zone the reader is in. */
function localTime(instant: string): string {
  return new Intl.DateTimeFormat(language.value === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(new Date(instant));
}
