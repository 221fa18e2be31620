/** Random values that stand in a vector, handed out in order. */

import { bytesOfNumber } from '../../src/crypto/encodings.ts';
import type { Randomness } from '../../src/crypto/randomness.ts';

/** Hand out decimal scalars, one a draw; a draw is 64 bytes, big-endian. */
export function scriptedScalars(scalars: readonly string[]): Randomness {
  const remaining = [...scalars];
  return (length) => {
    const next = remaining.shift();
    if (next === undefined) throw new RangeError('no scalar is left');
    return bytesOfNumber(BigInt(next), length);
  };
}
