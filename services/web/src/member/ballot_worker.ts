/** The worker in which ballots are made and checked; it alone ever holds a seed. */
import { systemRandomness } from '../crypto/randomness.ts';
import type { AnswerMessage, CallMessage } from './ballot_calls.ts';
import { BallotDesk, type OnProgress } from './ballot_desk.ts';

type Act = (input: unknown, onProgress: OnProgress) => unknown;

const desk = new BallotDesk(systemRandomness);

onmessage = ({ data: call }: MessageEvent<CallMessage>) => {
  const { number, name, input } = call;
  const answer = (message: AnswerMessage) => postMessage(message);
  const onProgress: OnProgress = (done, total) => answer({ number, kind: 'progress', done, total });
  // Names and inputs are checked where they are called from: ballot_client.ts.
  const act = (desk[name] as Act).bind(desk);
  Promise.resolve()
    .then(() => act(input, onProgress))
    .then(
      (output) => answer({ number, kind: 'done', output }),
      (error: unknown) => {
        const [kind, message] = error instanceof Error ? [error.name, error.message] : ['Error', ''];
        answer({ number, kind: 'refused', error: kind, message });
      },
    );
};
