/** The way of the offline program: this page carries its files. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { Button } from '../design/button.tsx';
import { FileDrop } from '../design/file_drop.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { missingTrustees } from './counting_device.ts';
import type { StageProps } from './counting_view.tsx';
import { TeamProgress } from './key_stages.tsx';
import { saveOfflineFile } from './offline_files.ts';
import {
  bodyOf,
  commandFor,
  dueOfflineStep,
  eraseCommand,
  filesFor,
  type OfflineStep,
  outputOf,
} from './offline_steps.ts';
import { tellerService } from './teller_service.ts';

const NUMBERS: Readonly<Record<OfflineStep, number>> = {
  certificate: 1,
  commitment: 2,
  reveal: 3,
  key: 4,
  confirmation: 5,
  open: 6,
};

export function OfflineProgram({ desk }: StageProps): JSX.Element {
  const [election, ceremony] = [desk.election.value, desk.ceremony.value];
  if (election === null || ceremony === null) return <p role="status">{t('app.loading')}</p>;
  const step = dueOfflineStep(ceremony, election, desk.owner.member);
  const isNeeded = election.offline_program_needed === true;
  return (
    <div class="stack">
      {isNeeded ? <Notice>{t('program.why')}</Notice> : null}
      {step === null ? <Waiting desk={desk} /> : <StepCard desk={desk} step={step} key={step} />}
      <TeamProgress desk={desk} />
      <p class="quiet">{t('program.erase')}</p>
      <Command text={eraseCommand()} />
      {isNeeded ? null : (
        <Button kind="plain" onClick={() => void desk.useProgram(false)}>
          {t('app.back')}
        </Button>
      )}
    </div>
  );
}

function Waiting({ desk }: Pick<StageProps, 'desk'>): JSX.Element {
  const ceremony = desk.ceremony.value;
  const names = ceremony === null ? [] : missingTrustees(ceremony).map((each) => each.name);
  return (
    <Notice live="status">
      {names.length === 0 ? t('program.wait_state') : t('program.wait', { name: names.join(', ') })}
    </Notice>
  );
}

function StepCard({ desk, step }: Pick<StageProps, 'desk'> & { step: OfflineStep }): JSX.Element {
  const [isBad, setBad] = useState(false);
  const [isSent, setSent] = useState(false);
  const [election, ceremony] = [desk.election.value, desk.ceremony.value];
  const { uuid, member } = desk.owner;
  const name = t(`program.${step}`);
  const send = async (file: File) => {
    const body = bodyOf(step, await file.text());
    setBad(body === null);
    if (body === null) return;
    await desk.doing(async () => {
      const service = tellerService(uuid);
      await (step === 'open' ? service.sendOpening(body) : service.sendStep(step, body));
      setSent(true);
    });
    await desk.refresh();
  };
  return (
    <section class="card" aria-label={name}>
      <h2>{t('program.step', { n: NUMBERS[step], name })}</h2>
      {filesFor(step).map((file) => (
        <Button
          full
          key={file}
          busy={desk.isBusy.value}
          onClick={() => void desk.doing(() => saveOfflineFile(uuid, file))}
        >
          {`${t('program.take')}: ${file}`}
        </Button>
      ))}
      <p>{t('program.run')}</p>
      {election === null || ceremony === null ? null : (
        <Command text={commandFor(step, ceremony, election, member)} />
      )}
      {step === 'open' ? <p>{t('program.seal')}</p> : null}
      <FileDrop
        label={t('program.send', { name: outputOf(step) })}
        accept="application/json,.json"
        onFile={(file) => void send(file)}
      />
      {isBad ? (
        <Notice kind="caution" live="alert">
          {t('program.bad_file')}
        </Notice>
      ) : null}
      {isSent ? (
        <Notice kind="done" live="status">
          {t('program.sent')}
        </Notice>
      ) : null}
    </section>
  );
}

function Command({ text }: { text: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined, // the text can be selected
    );
  };
  return (
    <div class="command">
      <code>{text}</code>
      <Button onClick={copy}>{t(isCopied ? 'app.copied' : 'app.copy')}</Button>
    </div>
  );
}
