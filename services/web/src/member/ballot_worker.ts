/** The worker in which ballots are made and checked; it alone ever holds a seed. */
import { systemRandomness } from '../crypto/randomness.ts';
import type { AnswerMessage, CallMessage } from './ballot_calls.ts';
import { BallotDesk, type OnProgress } from './ballot_desk.ts';

/** Where an act's input names the group of its election, if anywhere. */
interface NamesElection {
  readonly checked?: { readonly election: string };
  readonly election?: string;
  readonly publication?: { readonly entries: Uint8Array };
  readonly entries?: Uint8Array;
}

type Act = (input: unknown, onProgress: OnProgress) => unknown;

const desk = new BallotDesk(systemRandomness);

onmessage = ({ data: call }: MessageEvent<CallMessage>) => {
  const { number, name, input } = call;
  const answer = (message: AnswerMessage) => postMessage(message);
  const onProgress: OnProgress = (done, total) => answer({ number, kind: 'progress', done, total });
  // Names and inputs are checked where they are called from: ballot_client.ts.
  const act = (desk[name] as Act).bind(desk);
  Promise.resolve()
    .then(() => loadGroupOf(input))
    .then(() => act(input, onProgress))
    .then(
      (output) => answer({ number, kind: 'done', output }),
      (error: unknown) => {
        const { name: kind, message } = error instanceof Error ? error : new Error();
        answer({ number, kind: 'refused', error: kind, message });
      },
    );
};

/** BELENIOS-2048 is fetched for an election in it only; a title with its name costs just that. */
async function loadGroupOf(input: unknown): Promise<void> {
  const { checked, election, publication, entries } = (input ?? {}) as NamesElection;
  const published = publication?.entries ?? entries;
  const text = checked?.election ?? election ?? (published && new TextDecoder().decode(published)) ?? '';
  if (text.includes('BELENIOS-2048')) await import('../crypto/groups/index.ts');
}
