/** The four steps of signing through a service: certificate, picture, what to sign, the answer. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { errorText } from '../api/error_text.ts';
import type { SignatureRequestView } from '../api/types.ts';
import { fromBase64, toBase64 } from '../crypto/encodings.ts';
import { type Acting, useAct } from '../design/acting.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { FileDrop } from '../design/file_drop.tsx';
import { instantText } from '../design/local_time.ts';
import { Notice } from '../design/notice.tsx';
import { saveFile } from '../design/save_file.ts';
import { t } from '../words/words.ts';
import { CertificateFileError, certificatesIn } from './certificate_file.ts';
import { answerToSign, askToSign } from './paper_access.ts';
import { isPicture, MAX_PICTURE_KB, PictureError } from './signature_picture.ts';
import { signatureOfFile, signatureOfText } from './signature_text.ts';

interface StepsProps {
  paperId: string;
  field: string;
  onDone: () => void;
}

/** What was read from the person's files, with the file's name to be recognised by. */
interface Chosen<Value> {
  file: string;
  value: Value;
}

export function RemoteSteps({ paperId, field, onDone }: StepsProps): JSX.Element {
  const [certificates, setCertificates] = useState<Chosen<string[]> | null>(null);
  const [picture, setPicture] = useState<Chosen<string> | null>(null);
  const [asked, setAsked] = useState<SignatureRequestView | null>(null);
  const acting = useAct();
  const read = (file: File) =>
    acting.run(async () => {
      setCertificates({ file: file.name, value: certificatesIn(await bytesOf(file)) });
    });
  const draw = (file: File) =>
    acting.run(async () => {
      const bytes = await bytesOf(file);
      if (!isPicture(bytes)) throw new PictureError();
      setPicture({ file: file.name, value: toBase64(bytes) });
    });
  const ask = () =>
    acting.run(async () => {
      if (certificates === null) return;
      setAsked(await askToSign(paperId, field, certificates.value, picture?.value ?? null));
    });
  if (asked !== null) {
    return <Answer asked={asked} onRestart={() => setAsked(null)} onDone={onDone} />;
  }
  return (
    <div class="stack">
      <FileDrop
        label={t('papers.remote_certificate')}
        accept=".cer,.crt,.pem,.der,application/pkix-cert,application/x-x509-ca-cert"
        onFile={read}
      />
      {certificates === null ? null : (
        <p role="status">
          {t('papers.remote_certificates', {
            n: certificates.value.length,
            file: certificates.file,
          })}
        </p>
      )}
      <FileDrop label={t('papers.remote_picture')} accept="image/png" onFile={draw} />
      {picture === null ? null : (
        <p role="status">{t('papers.remote_picture_taken', { file: picture.file })}</p>
      )}
      <StepError acting={acting} />
      <div>
        <Button busy={acting.isBusy} disabled={certificates === null} onClick={ask}>
          {t('papers.remote_ask')}
        </Button>
      </div>
    </div>
  );
}

/** What must be signed, to be copied or downloaded, and the way back of its signature. */
function Answer(props: {
  asked: SignatureRequestView;
  onRestart: () => void;
  onDone: () => void;
}): JSX.Element {
  const { asked, onRestart, onDone } = props;
  const [typed, setTyped] = useState('');
  const [isTried, setTried] = useState(false);
  const acting = useAct(onDone);
  const signature = signatureOfText(typed);
  const take = (file: File) =>
    acting.run(async () => setTyped(signatureOfFile(await bytesOf(file)) ?? file.name));
  const send = () => {
    setTried(true);
    if (signature !== null) acting.run(() => answerToSign(asked.id, signature));
  };
  const save = () =>
    saveFile(
      `${asked.field}-signed-attributes.der`,
      fromBase64(asked.signed_attributes),
      'application/octet-stream',
    );
  return (
    <div class="stack">
      <Notice>{t('papers.remote_until', { time: instantText(asked.expires_at) })}</Notice>
      <Shown label={t('papers.remote_digest')} text={asked.digest} />
      <Shown label={t('papers.remote_attributes')} text={asked.signed_attributes} />
      <div>
        <Button onClick={save}>{t('papers.remote_save')}</Button>
      </div>
      <TextField
        label={t('papers.remote_signature')}
        error={isTried && signature === null ? t('papers.remote_signature_wrong') : undefined}
        multiline
        value={typed}
        onInput={setTyped}
      />
      <FileDrop label={t('papers.remote_signature_file')} accept="*/*" onFile={take} />
      <StepError acting={acting} />
      <div class="row">
        <Button kind="main" busy={acting.isBusy} onClick={send}>
          {t('papers.remote_send')}
        </Button>
        <Button kind="plain" onClick={onRestart}>
          {t('papers.remote_restart')}
        </Button>
      </div>
    </div>
  );
}

/** A text to be selected as a whole. */
function Shown({ label, text }: { label: string; text: string }): JSX.Element {
  return (
    <div class="field">
      <span class="legend">{label}</span>
      <code class="paper-command">{text}</code>
    </div>
  );
}

function StepError({ acting }: { acting: Acting }): JSX.Element | null {
  if (acting.error === null) return null;
  return (
    <Notice kind="caution" live="alert">
      {stepErrorText(acting.error)}
    </Notice>
  );
}

function stepErrorText(error: unknown): string {
  if (error instanceof CertificateFileError) return t(`papers.certificate_${error.reason}`);
  if (error instanceof PictureError) {
    return t('papers.picture_wrong', { kilobytes: MAX_PICTURE_KB });
  }
  return errorText(error);
}

async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.arrayBuffer());
}
