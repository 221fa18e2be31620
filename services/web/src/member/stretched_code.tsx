/** Codes that this device computes itself from what it has checked (protocol.md §7, §11). */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Code } from '../design/code.tsx';
import { fromBase64NoPad, toHex } from '../crypto/encodings.ts';
import { t } from '../words/words.ts';
import { callDesk } from './ballot_client.ts';

const known = new Map<string, Promise<string>>();

/** The election code; a tap shows its QR, where there is room for it. */
export function ElectionCode(props: { phi: string; hasQr?: boolean }): JSX.Element {
  const { phi, hasQr = true } = props;
  const code = useCode(phi, () => callDesk('electionCode', { phi }));
  const name = t('code.election');
  if (code === null) return <Computing name={name} />;
  const value = hasQr ? toHex(fromBase64NoPad(phi)) : undefined;
  return <Code name={name} code={code} value={value} qr="tap" />;
}

/** The seal code of the closing checkpoint under which this receipt's ballot was found. */
export function SealCode({ file }: { file: string }): JSX.Element {
  const code = useCode(file, () => callDesk('sealCode', { file }));
  const name = t('code.seal');
  return code === null ? <Computing name={name} /> : <Code name={name} code={code} />;
}

function Computing({ name }: { name: string }): JSX.Element {
  return (
    <p class="quiet">
      {name}: {t('ballot.computing')}
    </p>
  );
}

/** Stretching takes about a second, once for each value of a page. */
function useCode(value: string, compute: () => Promise<string>): string | null {
  const [code, setCode] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    let computed = known.get(value);
    if (computed === undefined) {
      computed = compute();
      computed.catch(() => known.delete(value));
      known.set(value, computed);
    }
    computed.then(
      (text) => {
        if (isShown) setCode(text);
      },
      () => undefined, // the worker has ended; the next screen tries again
    );
    return () => {
      isShown = false;
    };
  }, [value]);
  return code;
}
