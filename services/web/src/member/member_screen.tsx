/** Drawn until its own part is written. */
import type { JSX } from 'preact';

export function MemberScreen(): JSX.Element {
  return <p />;
}
