/** The log for engineers: every check with its number, status and detail; can be copied. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { type Report, reportToJson, TITLES } from '../verifier/report.ts';
import { t } from '../words/words.ts';
import { statusWord } from './check_list.tsx';

export function EngineerLog({ report }: { report: Report }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    // Where the browser does not allow it, the table can still be selected by hand.
    navigator.clipboard.writeText(reportToJson(report)).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <details class="card">
      <summary>{t('verify.log_title')}</summary>
      <div class="stack">
        <p class="quiet">{t('verify.log_explain')}</p>
        <div class="row">
          <Button onClick={copy}>{t('verify.log_copy')}</Button>
          <span role="status">{isCopied ? t('app.copied') : ''}</span>
        </div>
        <div class="table-frame" role="region" aria-label={t('verify.log_table')} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('verify.log_check')}</th>
                <th scope="col">{t('verify.log_status')}</th>
                <th scope="col">{t('verify.log_detail')}</th>
              </tr>
            </thead>
            <tbody>
              {report.checks.map((check) => (
                <tr key={check.id}>
                  <td>
                    <span class="nowrap">{check.id}</span>
                  </td>
                  <td>
                    <span class="nowrap">{t(statusWord(check.status))}</span>
                  </td>
                  <td lang="en" class="log-detail">
                    <strong>{TITLES[check.id]}</strong>: {check.detail}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </details>
  );
}
