/** The election code, computed on this device from what it has checked (protocol.md §7, §11). */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Code } from '../design/code.tsx';
import { fromBase64NoPad, toHex } from '../crypto/encodings.ts';
import { t } from '../words/words.ts';
import { callDesk } from './ballot_client.ts';

const known = new Map<string, Promise<string>>();

/** The code of `phi`; stretching it takes about a second, once. */
export function electionCodeOf(phi: string): Promise<string> {
  let code = known.get(phi);
  if (code === undefined) {
    code = callDesk('electionCode', { phi });
    code.catch(() => known.delete(phi));
    known.set(phi, code);
  }
  return code;
}

export function ElectionCode({ phi }: { phi: string }): JSX.Element {
  const [code, setCode] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    electionCodeOf(phi).then(
      (text) => {
        if (isShown) setCode(text);
      },
      () => undefined, // the worker has ended; the next screen tries again
    );
    return () => {
      isShown = false;
    };
  }, [phi]);
  if (code === null) {
    return (
      <p class="quiet">
        {t('code.election')}: {t('ballot.computing')}
      </p>
    );
  }
  return <Code name={t('code.election')} code={code} value={toHex(fromBase64NoPad(phi))} qr="tap" />;
}
