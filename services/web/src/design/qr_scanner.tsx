/**
 * Scanning a QR code with the camera, from a picture, or by typing what it says.
 *
 * Its words are in the dictionary `scanner`, which it loads by itself.
 */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { loadWords, t } from '../words/words.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import { FileDrop } from './file_drop.tsx';
import { Notice } from './notice.tsx';
import { type QrReader, startQrReader } from './qr_reader.ts';

const PAUSE_MS = 150;

export interface QrScannerProps {
  /** What to point the camera at, e.g. "Mã QR trên màn hình phòng họp". */
  label: string;
  /**
   * Called with each text that was read, typed or pasted; false says that it is none of those that
   * are asked for, and the scanner goes on and says so.
   */
  onText: (text: string) => boolean;
  /** Whether the text may be typed (default true). */
  typed?: boolean;
}

/** The camera's picture with the other two ways below it; it stops when it is taken away. */
export function QrScanner({ label, onText, typed = true }: QrScannerProps): JSX.Element | null {
  const [isReady, setReady] = useState(false);
  const [isOther, setOther] = useState(false);
  useEffect(() => {
    loadWords('scanner').then(
      () => setReady(true),
      () => undefined, // offline before the first use: nothing to show
    );
  }, []);
  if (!isReady) return null;
  const take = (text: string) => {
    const isTaken = onText(text);
    setOther(!isTaken);
    return isTaken;
  };
  return (
    <div class="stack">
      <Camera label={label} take={take} />
      {isOther ? (
        <Notice kind="caution" live="alert">
          {t('scanner.other')}
        </Notice>
      ) : null}
      <details>
        <summary>{t('scanner.no_camera')}</summary>
        <div class="stack">
          <Picture take={take} />
          {typed ? <Typing label={label} take={take} /> : null}
        </div>
      </details>
    </div>
  );
}

interface Taking {
  take: (text: string) => boolean;
}

type CameraState = 'starting' | 'running' | 'refused' | 'none';

function Camera({ label, take }: Taking & { label: string }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('starting');
  const [attempt, setAttempt] = useState(0);
  const latestTake = useRef(take);
  latestTake.current = take;
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    return runCamera(element, setState, (text) => latestTake.current(text));
  }, [attempt]);
  const isShown = state === 'starting' || state === 'running';
  return (
    <div class="stack tight">
      <video ref={video} class="scanner" aria-label={label} muted playsInline hidden={!isShown} />
      <p role="status">
        {state === 'running' ? t('scanner.point', { what: label }) : null}
        {state === 'starting' ? t('scanner.starting') : null}
      </p>
      {isShown ? null : (
        <>
          <Notice kind="caution" live="alert">
            {t(state === 'refused' ? 'scanner.refused' : 'scanner.none')}
          </Notice>
          <Button onClick={() => setAttempt(attempt + 1)}>{t('scanner.again')}</Button>
        </>
      )}
    </div>
  );
}

function runCamera(
  element: HTMLVideoElement,
  onState: (state: CameraState) => void,
  take: (text: string) => boolean,
): () => void {
  let isStopped = false;
  let stream: MediaStream | undefined;
  let reader: QrReader | undefined;
  const stop = () => {
    isStopped = true;
    stream?.getTracks().forEach((track) => track.stop());
    reader?.stop();
  };
  const run = async () => {
    onState('starting');
    stream = await openCamera();
    reader = await startQrReader();
    if (isStopped) return stop();
    element.srcObject = stream;
    await element.play();
    onState('running');
    await readUntilTaken(element, reader, () => isStopped, take);
    stop();
  };
  run().catch((error: unknown) => {
    if (isStopped) return;
    stop();
    const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
    onState(isRefused ? 'refused' : 'none');
  });
  return stop;
}

function openCamera(): Promise<MediaStream> {
  // Without HTTPS there is no such thing.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return Promise.reject(new DOMException('', 'NotFoundError'));
  return devices.getUserMedia({ audio: false, video: { facingMode: 'environment' } });
}

async function readUntilTaken(
  element: HTMLVideoElement,
  reader: QrReader,
  isStopped: () => boolean,
  take: (text: string) => boolean,
): Promise<void> {
  let last = '';
  while (!isStopped()) {
    const size = { width: element.videoWidth, height: element.videoHeight };
    const text = size.width === 0 ? null : await reader.read(element, size);
    // A code that was refused stays before the camera for a while.
    if (text !== null && text !== last && !isStopped() && take(text)) return;
    if (text !== null) last = text;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function Picture({ take }: Taking): JSX.Element {
  const [isEmpty, setEmpty] = useState(false);
  const read = async (file: File) => {
    const text = await readPicture(file).catch(() => null);
    setEmpty(text === null);
    if (text !== null) take(text);
  };
  return (
    <>
      <FileDrop label={t('scanner.picture')} accept="image/*" onFile={(file) => void read(file)} />
      {isEmpty ? (
        <Notice kind="caution" live="alert">
          {t('scanner.empty')}
        </Notice>
      ) : null}
    </>
  );
}

async function readPicture(file: File): Promise<string | null> {
  const picture = await createImageBitmap(file);
  const reader = await startQrReader();
  try {
    return await reader.read(picture, picture);
  } finally {
    reader.stop();
    picture.close();
  }
}

function Typing({ label, take }: Taking & { label: string }): JSX.Element {
  const [text, setText] = useState('');
  return (
    <form
      class="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') take(text.trim());
      }}
    >
      <TextField label={t('scanner.type', { what: label })} value={text} onInput={setText} />
      <Button type="submit">{t('scanner.use')}</Button>
    </form>
  );
}
