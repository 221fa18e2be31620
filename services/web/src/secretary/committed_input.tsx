/** A field whose text counts when it is left, and which nothing changes while it is typed in. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

export interface CommittedInputProps {
  label: string;
  /** What stands in it while nobody types. */
  value: string;
  /** When the field is left, or Enter is pressed, with another text than before. */
  onCommit: (value: string) => void;
  type?: 'text' | 'time';
  maxLength?: number;
}

export function CommittedInput(props: CommittedInputProps): JSX.Element {
  const { label, value, onCommit, type = 'text', maxLength } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    if (typed !== null && typed !== value) onCommit(typed);
    setTyped(null);
  };
  return (
    <input
      type={type as 'text'}
      aria-label={label}
      value={typed ?? value}
      maxLength={maxLength}
      autocomplete="off"
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
