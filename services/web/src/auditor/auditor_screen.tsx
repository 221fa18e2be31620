/** The verifier's screen (`/verify`): a file, or the record of an election that one may see. */
import './auditor.css';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page } from '../design/page.tsx';
import { goTo, place } from '../design/route.ts';
import { listIdentities } from '../device/identities.ts';
import { LoginGate, type Role } from '../login/login_gate.tsx';
import { t } from '../words/words.ts';
import { CheckList } from './check_list.tsx';
import { ChooseFile, CodeField, isCode } from './choose_file.tsx';
import { EngineerLog } from './engineer_log.tsx';
import { OpenRecord } from './open_record.tsx';
import { PaperExtrasFields } from './paper_extras.tsx';
import { RunningView } from './running_view.tsx';
import { SignerList } from './signer_list.tsx';
import { CaseTable, SubjectView } from './subject_view.tsx';
import { OwnCodesView, Verdict } from './verdict.tsx';
import { type Input, MAX_MEGABYTES, useVerification, type Verification } from './verification.ts';

const OPEN_PLACE = '/open';
const PREFERRED: readonly Role[] = ['auditor', 'member', 'secretary'];

export function AuditorScreen(): JSX.Element {
  const verification = useVerification();
  const [code, setCode] = useState('');
  const { stage } = verification;
  const start = (input: Input) => {
    goTo('/');
    verification.start(input, code);
  };
  if (stage.name === 'running') {
    return (
      <Page title={t('verify.running')}>
        <RunningView progress={stage.progress} onStop={() => verification.reset()} />
      </Page>
    );
  }
  if (stage.name === 'done') {
    return <Result verification={verification} stage={stage} code={code} onCode={setCode} />;
  }
  if (place.value === OPEN_PLACE) return <OpenPlace onInput={start} />;
  return (
    <Page title={t('verify.title')}>
      <p>{t('verify.intro')}</p>
      {stage.refusal === null ? null : (
        <Notice kind="caution" live="alert">
          {stage.refusal === 'too_large'
            ? t('verify.too_large', { limit: MAX_MEGABYTES })
            : t(`verify.${stage.refusal}`)}
          {stage.detail === null ? null : (
            <p lang="en" class="log-detail">
              {stage.detail}
            </p>
          )}
        </Notice>
      )}
      <ChooseFile code={code} onCode={setCode} onStart={start} onRefused={verification.reset} />
      <section class="card">
        <h2>{t('verify.open_title')}</h2>
        <p>{t('verify.open_explain')}</p>
        <Button onClick={() => goTo(OPEN_PLACE)}>{t('verify.open_show')}</Button>
      </section>
    </Page>
  );
}

interface ResultProps {
  verification: Verification;
  stage: Extract<Verification['stage'], { name: 'done' }>;
  code: string;
  onCode: (code: string) => void;
}

function Result({ verification, stage, code, onCode }: ResultProps): JSX.Element {
  const { verified, input } = stage;
  const { report, subject } = verified;
  const [extras, setExtras] = useState(input.extras ?? {});
  return (
    <Page title={t('verify.result_title')}>
      <p class="quiet">{input.name}</p>
      <Verdict verified={verified} />
      <OwnCodesView verified={verified} />
      {verified.signers === undefined ? null : <SignerList signers={verified.signers} />}
      <section class="card">
        <CodeField code={code} onCode={onCode} />
        {verified.kind === 'paper' ? (
          <PaperExtrasFields extras={extras} onExtras={setExtras} />
        ) : null}
        <Button disabled={!isCode(code)} onClick={() => verification.start({ ...input, extras }, code)}>
          {t('verify.again')}
        </Button>
      </section>
      {subject === null ? null : <SubjectView subject={subject} />}
      <CheckList verified={verified} />
      {subject === null ? null : <CaseTable cases={subject.cases} ok={report.ok} />}
      <EngineerLog report={report} />
      <Button full onClick={() => verification.reset()}>
        {t('verify.another')}
      </Button>
    </Page>
  );
}

/** The list of records, for whoever can log in on this device. */
function OpenPlace({ onInput }: { onInput: (input: Input) => void }): JSX.Element {
  const [role, setRole] = useState<Role | null>(null);
  useEffect(() => {
    roleOnThisDevice().then(setRole, () => setRole('auditor'));
  }, []);
  if (role === null) {
    return (
      <Page title={t('verify.open_title')}>
        <p role="status">{t('app.loading')}</p>
      </Page>
    );
  }
  return (
    <LoginGate role={role} title={t('verify.open_title')}>
      {() => (
        <Page title={t('verify.open_title')}>
          <p>{t('verify.open_explain')}</p>
          <OpenRecord onInput={onInput} />
          <Button onClick={() => goTo('/')}>{t('app.back')}</Button>
        </Page>
      )}
    </LoginGate>
  );
}

/** An auditor's key before a member's: who is both wants to audit here. */
async function roleOnThisDevice(): Promise<Role> {
  const roles = (await listIdentities()).flatMap((identity) => identity.account.roles);
  const [first = 'auditor'] = PREFERRED.filter((role) => roles.includes(role));
  return first;
}
