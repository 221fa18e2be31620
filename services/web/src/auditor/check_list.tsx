/** The checks that a lawyer can read: one plain sentence each, with a symbol and a word. */
import type { JSX } from 'preact';

import type { InputKind } from '../verifier/record_files.ts';
import type { CheckResult, Status } from '../verifier/report.ts';
import type { Verified } from '../verifier/verify.ts';
import { type Key, t } from '../words/words.ts';
import { GROUPS, sentenceOf } from './sentences.ts';

const SYMBOLS: Readonly<Record<Status, string>> = { holds: '✓', fails: '✗', not_applicable: '–' };

/** The word for a status. */
export function statusWord(status: Status): Key {
  return `verify.status_${status}`;
}

export function CheckList({ verified }: { verified: Verified }): JSX.Element {
  const { report, kind } = verified;
  const found = new Map(report.checks.map((check) => [check.id, check]));
  return (
    <section class="stack">
      {GROUPS.map(({ title, checks }) => (
        <div class="card" key={title}>
          <h2>{t(title)}</h2>
          <ul class="checks">
            {checks.flatMap((id) => {
              const check = found.get(id);
              return check === undefined ? [] : [<Row key={id} check={check} kind={kind} />];
            })}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Row({ check, kind }: { check: CheckResult; kind: InputKind }): JSX.Element {
  return (
    <li class={check.status === 'fails' ? 'check-row wrong' : 'check-row'}>
      <span class="check-symbol" aria-hidden="true">
        {SYMBOLS[check.status]}
      </span>
      <div>
        <strong>{t(statusWord(check.status))}</strong>
        <span class="quiet"> {check.id}</span>
        <p>{t(sentenceOf(check, kind))}</p>
        {check.id === 'V18' && check.status === 'fails' ? <Reasons detail={check.detail} /> : null}
      </div>
    </li>
  );
}

/** A paper can be wrong in many ways: which ones, in the verifier's own words. */
function Reasons({ detail }: { detail: string }): JSX.Element {
  return (
    <ul lang="en" class="log-detail">
      {detail.split('; ').map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  );
}
