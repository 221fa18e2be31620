/**
 * Reading QR codes: by the browser's own BarcodeDetector, else by our worker.
 *
 * Nothing of a picture is kept, and none leaves the device.
 */
import { ownScriptUrl } from '../trusted_urls.ts';
import type { PictureToRead, TextInPicture } from './qr_reader_worker.ts';
import workerUrl from './qr_reader_worker.ts?worker&url';

/** Longest side of a picture that is read, in pixels: enough for our largest codes. */
const MAX_SIDE = 1280;

interface Detector {
  detect(picture: CanvasImageSource): Promise<{ rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** Reads one picture after the other. */
export interface QrReader {
  /** The text of a code in the picture, null when there is none. `size` in pixels. */
  read: (picture: CanvasImageSource, size: PictureSize) => Promise<string | null>;
  stop: () => void;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The best reader that this browser has. */
export async function startQrReader(): Promise<QrReader> {
  const detector = await ownDetector();
  if (detector === null) return workerReader();
  return {
    read: async (picture) => (await detector.detect(picture))[0]?.rawValue ?? null,
    stop: () => undefined,
  };
}

async function ownDetector(): Promise<Detector | null> {
  const made = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (made === undefined) return null;
  try {
    // Chromium on Linux has the class and no format.
    const formats = await made.getSupportedFormats();
    return formats.includes('qr_code') ? new made({ formats: ['qr_code'] }) : null;
  } catch {
    return null;
  }
}

function workerReader(): QrReader {
  const worker = new Worker(ownScriptUrl(workerUrl), { type: 'module', name: 'qr_reader' });
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return {
    read: async (picture, size) => {
      if (context === null || size.width === 0 || size.height === 0) return null;
      const scale = Math.min(1, MAX_SIDE / Math.max(size.width, size.height));
      canvas.width = Math.round(size.width * scale);
      canvas.height = Math.round(size.height * scale);
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
      return askWorker(worker, { data: new Uint8ClampedArray(data), width, height });
    },
    stop: () => worker.terminate(),
  };
}

function askWorker(worker: Worker, picture: PictureToRead): Promise<TextInPicture> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<TextInPicture>) => resolve(data);
    worker.onerror = () => resolve(null);
    worker.postMessage(picture, [picture.data.buffer]);
  });
}
