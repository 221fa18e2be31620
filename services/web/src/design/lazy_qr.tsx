/** A QR code; what draws it is loaded with the first one, since a first screen has none. */
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { QrProps } from './qr.tsx';

export function LazyQr(props: QrProps): JSX.Element {
  const [Drawn, setDrawn] = useState<ComponentType<QrProps> | null>(null);
  useEffect(() => {
    import('./qr.tsx').then(
      ({ Qr }) => setDrawn(() => Qr),
      () => undefined, // offline: the code in letters stands beside it
    );
  }, []);
  return Drawn === null ? <div class="qr" role="status" /> : <Drawn {...props} />;
}
