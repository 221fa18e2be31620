/** Ballots judged in another worker, over a MessagePort: questions, progress, answers. */

import { CryptoError } from '../crypto/errors.ts';
import {
  type Judge,
  judgeChunk,
  type JudgedChunk,
  type JudgingTerms,
  type SubmittedBallot,
} from './ballot_verdicts.ts';

interface Question {
  readonly terms: JudgingTerms;
  readonly ballots: readonly SubmittedBallot[];
}

type Answer =
  | { readonly kind: 'one' }
  | { readonly kind: 'judged'; readonly chunk: JudgedChunk }
  | { readonly kind: 'broken'; readonly message: string };

/** Judge whatever is asked over this port, one question after the other. */
export function serveJudging(port: MessagePort): void {
  const answer = (message: Answer): void => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<Question>) => {
    judgeChunk(data.terms, data.ballots, () => answer({ kind: 'one' })).then(
      (chunk) => answer({ kind: 'judged', chunk }),
      (error: unknown) => answer({ kind: 'broken', message: String(error) }),
    );
  };
}

/** The judge at the other end of a port; it takes one question at a time. */
export function judgeBehind(port: MessagePort): Judge {
  return (terms, ballots, onBallot) =>
    new Promise((resolve, reject) => {
      port.onmessage = ({ data }: MessageEvent<Answer>) => {
        switch (data.kind) {
          case 'one':
            return onBallot();
          case 'judged':
            return resolve(data.chunk);
          case 'broken':
            return reject(new CryptoError(`a judging worker stopped: ${data.message}`));
        }
      };
      const question: Question = { terms, ballots };
      port.postMessage(question);
    });
}
