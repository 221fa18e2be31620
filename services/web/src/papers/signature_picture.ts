/** The picture of a signature or a seal, as far as it is looked at before it is sent. */

/** Below what the service takes (services/pades/picture.py): as Base64 it is a third larger. */
export const MAX_PICTURE_KB = 512;

/** PNG, third edition (W3C 2025), section 5.2. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** The file is no picture that the service would print. */
export class PictureError extends Error {
  constructor() {
    super('no PNG, or too large');
    this.name = 'PictureError';
  }
}

/** Whether the bytes begin as a PNG does and are not too many; the service looks at the rest. */
export function isPicture(file: Uint8Array): boolean {
  const begins = SIGNATURE.every((byte, at) => file[at] === byte);
  return begins && file.length <= MAX_PICTURE_KB * 1024;
}
