/** Choosing a file by tap, keyboard or drop. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { t } from '../words/words.ts';
import { Button } from './button.tsx';

export interface FileDropProps {
  label: string;
  /** As of `<input accept>`. */
  accept: string;
  onFile: (file: File) => void;
}

export function FileDrop({ label, accept, onFile }: FileDropProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file !== undefined) onFile(file);
  };
  return (
    <div
      class={isOver ? 'file-drop over' : 'file-drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <span>{label}</span>
      <input
        ref={input}
        type="file"
        class="visually-hidden"
        tabIndex={-1}
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = ''; // the same file may be chosen again after a correction
        }}
      />
      <Button onClick={() => input.current?.click()}>{t('app.choose_file')}</Button>
    </div>
  );
}
