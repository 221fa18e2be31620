/** The files that the offline program reads, as the service shows them. */
import { strToU8, zipSync } from 'fflate';

import { requestBytes, requestText } from '../api/client.ts';
import { saveFile } from '../design/save_file.ts';
import type { OfflineFile } from './offline_steps.ts';

/** Fetch a file and let the browser save it. Throws ProblemError, UnreachableError. */
export async function saveOfflineFile(uuid: string, file: OfflineFile): Promise<void> {
  const path = `/elections/${uuid}`;
  switch (file) {
    case 'ceremony.json':
      return saveFile(file, await requestBytes(`${path}/ceremony`), 'application/json');
    case 'shares.json': {
      const shares = await requestBytes(`${path}/ceremony/sealed-shares`);
      return saveFile(file, shares, 'application/json');
    }
    case 'entries.jsonl':
      return saveFile(file, await requestBytes(`${path}/board/entries`), 'application/jsonl');
    case 'board.zip':
      return saveFile(file, await boardZip(path), 'application/zip');
  }
}

/** `phieukin trustee open --input`: the whole board, stored without compression. */
async function boardZip(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const [entries, opening, closing, roster, attendance] = await Promise.all([
    requestBytes(`${path}/board/entries`),
    requestText(`${path}/board/checkpoints/opening`),
    requestText(`${path}/board/checkpoints/closing`),
    requestBytes(`${path}/board/roster`),
    requestBytes(`${path}/board/attendance`),
  ]);
  const files = {
    'entries.jsonl': entries,
    'checkpoints/opening': strToU8(opening),
    'checkpoints/closing': strToU8(closing),
    'roster.json': roster,
    'attendance.json': attendance,
  };
  return Uint8Array.from(zipSync(files, { level: 0 }));
}
