/** What a teller's device asks of the service; an interface, so that tests bring their own. */
import { ProblemError, request, requestBytes, requestText } from '../api/client.ts';
import type { CeremonyView, ElectionView } from '../api/types.ts';
import { MalformedError } from '../crypto/errors.ts';
import type { DownloadedBoard } from '../verifier/board.ts';
import type { EndState } from './ended_log.ts';
import type { Step } from './trustee_tasks.ts';

export interface TellerService {
  readElection(): Promise<ElectionView>;
  readCeremony(): Promise<CeremonyView>;
  /** The exact entries that this person may see, without their newlines. */
  readEntries(): Promise<Uint8Array[]>;
  /** What the others sealed for this teller, once all have revealed. */
  readSealedShares(): Promise<string[]>;
  /** All leaf hashes in hex: a short way to see whether anything came in. */
  readLeaves(): Promise<string[]>;
  readBoard(): Promise<DownloadedBoard>;
  /** The checkpoint under which an election ends; null while there is none. */
  readEndNote(state: EndState): Promise<string | null>;
  sendStep(step: Step, body: unknown): Promise<void>;
  sendOpening(body: unknown): Promise<void>;
}

const NEWLINE = 0x0a;

/** The service of this page, for one election. */
export function tellerService(uuid: string): TellerService {
  const path = `/elections/${uuid}`;
  const readEntries = async () => linesOf(await requestBytes(`${path}/board/entries`));
  return {
    readEntries,
    readElection: () => request('GET', path),
    readCeremony: () => request('GET', `${path}/ceremony`),
    async readSealedShares() {
      const view = await request<{ sealed_shares: string[] }>(
        'GET',
        `${path}/ceremony/sealed-shares`,
      );
      return view.sealed_shares;
    },
    async readLeaves() {
      return (await requestText(`${path}/board/leaves`)).split('\n').slice(0, -1);
    },
    async readBoard() {
      const [entries, openingNote, closingNote, roster, attendance] = await Promise.all([
        readEntries(),
        requestText(`${path}/board/checkpoints/opening`),
        requestText(`${path}/board/checkpoints/closing`),
        requestBytes(`${path}/board/roster`),
        requestBytes(`${path}/board/attendance`),
      ]);
      return { entries, openingNote, closingNote, roster, attendance };
    },
    async readEndNote(state) {
      const name = state === 'minuted' ? 'minute' : 'result';
      try {
        return await requestText(`${path}/board/checkpoints/${name}`);
      } catch (error) {
        if (error instanceof ProblemError && error.problem === 'checkpoint-not-found') return null;
        throw error;
      }
    },
    sendStep: (step, body) => request('POST', `${path}/ceremony/${step}`, body),
    sendOpening: (body) => request('POST', `${path}/partial-decryptions`, body),
  };
}

/** The lines of a file in which every line ends with a newline. Throws MalformedError. */
export function linesOf(data: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < data.length) {
    const end = data.indexOf(NEWLINE, start);
    if (end < 0) throw new MalformedError('the entries do not end with a newline');
    lines.push(data.slice(start, end));
    start = end + 1;
  }
  return lines;
}
