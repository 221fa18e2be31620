/// <reference lib="webworker" />
/** The verifier's worker: judges for another one, or does one task and answers. */

import { toHex } from '../crypto/encodings.ts';
import { judgeChunk } from './ballot_verdicts.ts';
import { BoardRefusedError, type BoardToOpen } from './board.ts';
import { readEvidence } from './evidence.ts';
import { judgeBehind, serveJudging } from './judging_port.ts';
import { checkBeforeOpening, OpeningRefusedError } from './opening.ts';
import type { OnProgress } from './progress.ts';
import { isRefusal } from './refusals.ts';
import { kindOf, readRecordFiles } from './record_files.ts';
import { MalformedInputError } from './report.ts';
import { verifyBytes, type VerifyOptions } from './verify.ts';
import type {
  FromWorker,
  OpeningTask,
  ReadyTexts,
  ToWorker,
  VerifyTask,
} from './worker_messages.ts';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'judge') {
    serveJudging(data.port);
    return;
  }
  const judges = [judgeChunk, ...data.judges.map(judgeBehind)];
  const onProgress: OnProgress = (done, total, phase) =>
    answer({ kind: 'progress', done, total, phase });
  const { task } = data;
  const work =
    task.kind === 'verify'
      ? verify(task, { judges, onProgress })
      : prepareOpening(task, { judges, onProgress });
  const isPaper = task.kind === 'verify' && looksLikePaper(task.data);
  work.then(answer, (error: unknown) => answer(refusalOf(error, isPaper)));
};

function answer(message: FromWorker): void {
  self.postMessage(message);
}

async function verify(
  task: VerifyTask,
  options: Pick<VerifyOptions, 'judges' | 'onProgress'>,
): Promise<FromWorker> {
  const given = task.given === undefined ? null : readEvidence(readRecordFiles(task.given));
  const anchors = { code: task.code };
  const trust = task.trust ?? null;
  const verified = await verifyBytes(task.data, task.name, { ...options, anchors, given, trust });
  return { kind: 'verified', verified };
}

async function prepareOpening(
  { board, device }: OpeningTask,
  { judges, onProgress }: Pick<VerifyOptions, 'judges' | 'onProgress'>,
): Promise<FromWorker> {
  const ready = await checkBeforeOpening(board, device, judges, onProgress);
  return { kind: 'ready', ready: textsOf(ready) };
}

function textsOf(ready: BoardToOpen): ReadyTexts {
  const { group, text } = ready.election;
  return {
    election: text,
    tally: ready.tally.map((answers) =>
      answers.map(({ alpha, beta }) => [group.elementToText(alpha), group.elementToText(beta)]),
    ),
    closingRoot: toHex(ready.closingRoot),
    publicKeys: ready.publicKeys.map((key) => group.elementToText(key)),
    leaves: ready.leaves,
    ballots: ready.ballots,
    issuances: ready.issuances,
    minimumBallots: ready.minimumBallots,
  };
}

function looksLikePaper(data: Uint8Array): boolean {
  try {
    return kindOf(data) === 'paper';
  } catch {
    return false;
  }
}

function refusalOf(error: unknown, isPaper: boolean): FromWorker {
  if (error instanceof MalformedInputError) {
    return { kind: 'malformed', message: error.message, isPaper };
  }
  if (error instanceof BoardRefusedError) {
    return { kind: 'board_refused', refused: error.refused, message: error.message };
  }
  if (error instanceof OpeningRefusedError) {
    return { kind: 'opening_refused', refusal: error.refusal, message: error.message };
  }
  if (isRefusal(error)) {
    return { kind: 'board_refused', refused: [], message: error.message };
  }
  return { kind: 'broken', message: String(error) };
}
