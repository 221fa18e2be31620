/** A code that people compare: five groups of four, large, with the QR of the whole value. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { t } from '../words/words.ts';
import { Button } from './button.tsx';
import { LazyQr } from './lazy_qr.tsx';

export interface CodeProps {
  /** "Mã niêm phong" and the like: a code never stands without its noun. */
  name: string;
  /** `XXXX-XXXX-XXXX-XXXX-XXXX` */
  code: string;
  /** 32 bytes in hex, for the QR; none shows no QR. */
  value?: string | undefined;
  /** `tap`: the QR appears after a tap only, as a receipt's must. */
  qr?: 'shown' | 'tap';
}

export function Code({ name, code, value, qr = 'shown' }: CodeProps): JSX.Element {
  const [isShown, setShown] = useState(qr === 'shown');
  return (
    <div class="code">
      <span class="quiet">{name}</span>
      <span class="code-text">
        {code.split('-').map((part, index) => (
          <span class="code-part" key={index}>
            {index === 0 ? part : `-${part}`}
          </span>
        ))}
      </span>
      {value !== undefined && qr === 'tap' ? (
        <Button onClick={() => setShown(!isShown)} pressed={isShown}>
          {isShown ? t('app.hide_qr') : t('app.show_qr')}
        </Button>
      ) : null}
      {value !== undefined && isShown ? (
        <LazyQr text={value} label={t('app.qr_of', { what: name })} />
      ) : null}
    </div>
  );
}
