/** Questions before what cannot be undone, asked once, in the browser's own modal dialog. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import { t } from '../words/words.ts';
import { Button } from './button.tsx';

export interface Question {
  title: string;
  /** What will happen, in the words of words.md. */
  text: string;
  confirm: string;
  cancel?: string;
}

interface Asked extends Question {
  answer: (yes: boolean) => void;
}

const asked = signal<Asked | null>(null);

/** Ask once; true when the person confirms. A second question waits for nobody: it is refused. */
export function ask(question: Question): Promise<boolean> {
  if (asked.value !== null) return Promise.resolve(false);
  return new Promise((resolve) => {
    asked.value = { ...question, answer: resolve };
  });
}

/** Drawn once by `Page`; shows the question that `ask` has put. */
export function Questions(): JSX.Element | null {
  const question = asked.value;
  return question === null ? null : <QuestionDialog question={question} />;
}

function QuestionDialog({ question }: { question: Asked }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const textId = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const answer = (yes: boolean) => {
    asked.value = null;
    question.answer(yes);
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <div class="stack">
        <h2 id={titleId}>{question.title}</h2>
        <p id={textId}>{question.text}</p>
        <div class="stack tight">
          <Button kind="main" full onClick={() => answer(true)}>
            {question.confirm}
          </Button>
          <Button full onClick={() => answer(false)}>
            {question.cancel ?? t('app.cancel')}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
