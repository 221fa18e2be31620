/** The outcome in one look: agrees, agrees but with nothing to tie it to the meeting, or not. */
import type { JSX } from 'preact';

import { Code } from '../design/code.tsx';
import { Notice } from '../design/notice.tsx';
import type { Verified } from '../verifier/verify.ts';
import { t } from '../words/words.ts';
import { sentenceOf } from './sentences.ts';

export function Verdict({ verified }: { verified: Verified }): JSX.Element {
  const { report, kind } = verified;
  const status = (id: string) => report.checks.find((check) => check.id === id)?.status;
  const hasNoRoster = report.checks.some((check) => check.reason === 'no_roster');
  if (!report.ok) return <Failures verified={verified} />;
  const isAnchored = status('V20') === 'holds';
  return (
    <Notice kind={isAnchored ? 'done' : 'caution'} live="alert">
      {kind === 'receipt' ? <p class="large">{t('verify.verdict_receipt')}</p> : null}
      <p class="large">
        <strong>{t(isAnchored ? 'verify.verdict_anchored' : 'verify.verdict_unanchored')}</strong>
      </p>
      {isAnchored ? null : <p>{t('verify.verdict_unanchored_next')}</p>}
      {hasNoRoster ? <p>{t('verify.verdict_no_roster')}</p> : null}
      {kind === 'archive' ? <p>{t('verify.verdict_on_trust')}</p> : null}
    </Notice>
  );
}

/** How many checks fail, and what that means, before everything else. */
function Failures({ verified }: { verified: Verified }): JSX.Element {
  const wrong = verified.report.checks.filter((check) => check.status === 'fails');
  return (
    <Notice kind="caution" live="alert">
      <p class="large">
        <strong>{t('verify.verdict_fails', { n: wrong.length })}</strong>
      </p>
      <ul>
        {wrong.map((check) => (
          <li key={check.id}>{t(sentenceOf(check, verified.kind))}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** The input's own codes, to be compared with those of the meeting. */
export function OwnCodesView({ verified }: { verified: Verified }): JSX.Element | null {
  const { election, seal, receipt } = verified.codes;
  if (election === null && seal === null && receipt === null) return null;
  return (
    <section class="card">
      <h2>{t('verify.codes_title')}</h2>
      <div class="columns">
        {election === null ? null : <Code name={t('code.election')} code={election} />}
        {seal === null ? null : <Code name={t('code.seal')} code={seal} />}
        {receipt === null ? null : <Code name={t('code.receipt')} code={receipt} />}
      </div>
    </section>
  );
}
