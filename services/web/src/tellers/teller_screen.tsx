/** Drawn until its own part is written. */
import type { JSX } from 'preact';

export function TellerScreen(): JSX.Element {
  return <p />;
}
