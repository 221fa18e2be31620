/** `/check`: any member's registered device looks at a throw-away ballot of another one. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import { Button } from '../design/button.tsx';
import { Code } from '../design/code.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { QrScanner } from '../design/qr_scanner.tsx';
import { LoginGate } from '../login/login_gate.tsx';
import { callDesk, RefusedError } from '../member/ballot_client.ts';
import type { OpenedTest } from '../member/ballot_desk.ts';
import '../member/member.css';
import { MarkList } from '../member/review.tsx';
import { testOfText } from '../member/test_code.ts';
import { t } from '../words/words.ts';
import {
  MarksDifferError,
  OtherElectionSeenError,
  recompute,
  type Recomputed,
} from './recomputing.ts';

export function CheckScreen(): JSX.Element {
  return (
    <LoginGate role="member" title={t('check.title')}>
      {() => <Check />}
    </LoginGate>
  );
}

function Check(): JSX.Element {
  const [test, setTest] = useState<OpenedTest | null>(null);
  if (test !== null) return <Tested key={test.seed} test={test} onAgain={() => setTest(null)} />;
  return (
    <Page title={t('check.title')}>
      <p>{t('check.explain')}</p>
      <QrScanner
        label={t('check.qr_label')}
        onText={(text) => {
          const read = testOfText(text);
          if (read !== null) setTest(read);
          return read !== null;
        }}
      />
    </Page>
  );
}

type Outcome =
  | { name: 'computing' }
  | { name: 'recomputed'; recomputed: Recomputed }
  | { name: 'failed'; fault: unknown };

function Tested({ test, onAgain }: { test: OpenedTest; onAgain: () => void }): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome>({ name: 'computing' });
  useEffect(() => {
    recompute(test, callDesk).then(
      (recomputed) => setOutcome({ name: 'recomputed', recomputed }),
      (fault: unknown) => setOutcome({ name: 'failed', fault }),
    );
  }, [test]);
  return (
    <Page title={outcome.name === 'recomputed' ? t('check.result_title') : t('check.title')}>
      {outcome.name === 'computing' ? <p role="status">{t('check.computing')}</p> : null}
      {outcome.name === 'failed' ? (
        <Notice kind="caution" live="alert">
          {faultText(outcome.fault)}
        </Notice>
      ) : null}
      {outcome.name === 'recomputed' ? <Result test={test} {...outcome.recomputed} /> : null}
      <Button full onClick={onAgain}>
        {t('check.again')}
      </Button>
    </Page>
  );
}

function Result({ test, terms, electionCode, receipt }: Recomputed & { test: OpenedTest }) {
  return (
    <>
      <div class="card">
        <p>{t('check.compare_election')}</p>
        <Code name={t('code.election')} code={electionCode} />
      </div>
      <div class="card">
        <p>{t('check.compare_receipt')}</p>
        <Code name={t('code.receipt')} code={receipt.receiptCode} />
      </div>
      <p>{t('check.compare_marks')}</p>
      <MarkList nominations={terms.nominations} marks={test.marks} />
      <p>{t('check.same')}</p>
      <Notice kind="caution">{t('check.differs')}</Notice>
    </>
  );
}

function faultText(fault: unknown): string {
  if (fault instanceof OtherElectionSeenError) return t('check.other_election');
  if (fault instanceof MarksDifferError) return t('check.marks_differ');
  return fault instanceof RefusedError ? t('error.publication') : errorText(fault);
}
