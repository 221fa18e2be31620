/** Finds a QR code in a picture, for browsers without a reader of their own; loaded when needed. */
import jsQR from 'jsqr';

/** A picture of `width` × `height` pixels, four bytes each. */
export interface PictureToRead {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** The text of the code; null when there is none in the picture. */
export type TextInPicture = string | null;

onmessage = ({ data: picture }: MessageEvent<PictureToRead>) => {
  const found = jsQR(picture.data, picture.width, picture.height);
  postMessage(found === null || found.data === '' ? null : found.data);
};
