/** What a screen has to say: with a symbol and words, heard by screen readers when it appears. */
import type { ComponentChildren, JSX } from 'preact';

const SYMBOLS = { plain: 'i', caution: '!', done: '✓' } as const;

export interface NoticeProps {
  children: ComponentChildren;
  kind?: keyof typeof SYMBOLS;
  /** `alert` interrupts a screen reader, `status` waits; none for texts that were always there. */
  live?: 'alert' | 'status';
}

export function Notice({ children, kind = 'plain', live }: NoticeProps): JSX.Element {
  return (
    <div class={`notice ${kind}`} role={live}>
      <span class="notice-symbol" aria-hidden="true">
        {SYMBOLS[kind]}
      </span>
      <div class="stack tight">{children}</div>
    </div>
  );
}
