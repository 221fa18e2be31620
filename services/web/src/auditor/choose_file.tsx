/** Choosing what to verify: a file of one's own, and the code that one saw in the hall. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { readCode } from '../crypto/codes.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { FileDrop } from '../design/file_drop.tsx';
import { t } from '../words/words.ts';
import { PaperExtrasFields } from './paper_extras.tsx';
import { type Input, MAX_MEGABYTES, type PaperExtras, type Refusal } from './verification.ts';

export interface ChooseFileProps {
  code: string;
  onCode: (code: string) => void;
  onStart: (input: Input) => void;
  onRefused: (refusal: Refusal) => void;
}

export function ChooseFile({ code, onCode, onStart, onRefused }: ChooseFileProps): JSX.Element {
  const [file, setFile] = useState<File | null>(null);
  const [extras, setExtras] = useState<PaperExtras>({});
  const take = (chosen: File) => {
    if (chosen.size > MAX_MEGABYTES * 1024 * 1024) onRefused('too_large');
    else setFile(chosen);
  };
  const start = async (chosen: File) => {
    try {
      const data = new Uint8Array(await chosen.arrayBuffer());
      onStart({ data, name: chosen.name, ...(isPdf(chosen) ? { extras } : {}) });
    } catch {
      onRefused('malformed'); // it was moved or changed since it was chosen
    }
  };
  return (
    <section class="card">
      <h2>{t('verify.file_title')}</h2>
      <FileDrop label={t('verify.file_label')} accept=".zip,.bel,.json,.pdf" onFile={take} />
      <p role="status">{file === null ? '' : t('verify.chosen', { name: file.name })}</p>
      <CodeField code={code} onCode={onCode} />
      {file !== null && isPdf(file) ? (
        <PaperExtrasFields extras={extras} onExtras={setExtras} />
      ) : null}
      <Button
        kind="main"
        full
        disabled={file === null || !isCode(code)}
        onClick={() => file !== null && void start(file)}
      >
        {t('verify.start')}
      </Button>
    </section>
  );
}

export function CodeField(props: { code: string; onCode: (code: string) => void }): JSX.Element {
  return (
    <TextField
      label={t('verify.code_label')}
      hint={t('verify.code_hint')}
      error={isCode(props.code) ? undefined : t('verify.code_wrong')}
      value={props.code}
      onInput={props.onCode}
      maxLength={64}
    />
  );
}

function isPdf(file: File): boolean {
  return /\.pdf$/i.test(file.name);
}

/** Whether the field holds nothing or something that can be a code. */
export function isCode(typed: string): boolean {
  if (typed.trim() === '') return true;
  try {
    readCode(typed);
    return true;
  } catch {
    return false;
  }
}
