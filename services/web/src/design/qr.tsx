/** QR codes as SVG: no image of ours is a data: URL, which the Content-Security-Policy refuses. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { encode } from 'uqr';

export interface QrProps {
  text: string;
  /** What it is the QR code of, for screen readers. */
  label: string;
}

export function Qr({ text, label }: QrProps): JSX.Element {
  const { size, path } = useMemo(() => drawing(text), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" shape-rendering="crispEdges" />
    </svg>
  );
}

function drawing(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const parts: string[] = [];
  data.forEach((line, y) => {
    line.forEach((dark, x) => {
      if (dark) parts.push(`M${x} ${y}h1v1h-1z`);
    });
  });
  return { size, path: parts.join('') };
}
