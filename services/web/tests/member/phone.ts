/** A member's phone for tests: the real desk and custody, a small service for all the rest. */
import { UnreachableError } from '../../src/api/client.ts';
import type { BoardMeans } from '../../src/member/after_closing.ts';
import {
  type CastBallot,
  type CastingBallot,
  type HeldBallot,
  keepMarks,
  keepSealed,
} from '../../src/member/ballot_custody.ts';
import type { SendingMeans } from '../../src/member/casting_sender.ts';
import { sendBallot } from '../../src/member/casting_sender.ts';
import type { Marks } from '../../src/member/marks.ts';
import { electionOf, takeBallot, type TakingMeans } from '../../src/member/taking.ts';
import {
  deskHere,
  KEY,
  MEMBER,
  ORIGIN,
  RP_ID,
  SmallService,
  spkiOfMember,
} from './small_service.ts';

export const MARKS: Marks = ['agree', 'disagree', 'blank'];
export const SPKI = spkiOfMember(MEMBER);

export class Phone {
  readonly callDesk = deskHere();
  readonly taking: TakingMeans;
  readonly sending: SendingMeans;
  readonly board: BoardMeans;
  /** What happens to the next sendings instead of arriving. */
  readonly troubles: (() => Promise<string>)[] = [];
  readonly pauses: number[] = [];
  signatures = 0;
  isOwnLogin = true;
  keptApart = 0;

  constructor(readonly service: SmallService) {
    this.taking = {
      callDesk: this.callDesk,
      origin: ORIGIN,
      readRpId: async () => RP_ID,
      download: (path) => service.download(path),
      post: <Answer>(path: string, body: unknown) => service.post(path, body) as Promise<Answer>,
      sign: async (message) => {
        this.signatures += 1;
        return service.sign(message);
      },
      isOwnLogin: async () => this.isOwnLogin,
    };
    this.sending = {
      callDesk: this.callDesk,
      send: (_, body) => (this.troubles.shift() ?? (() => service.send(body)))(),
      pause: async (milliseconds) => {
        this.pauses.push(milliseconds);
      },
      keepApart: async () => {
        this.keptApart += 1;
      },
    };
    this.board = {
      callDesk: this.callDesk,
      read: (path) => service.read(path),
      claim: (_, promise) => service.claim(promise),
    };
  }

  take(): Promise<HeldBallot> {
    return takeBallot(KEY, SPKI, this.taking);
  }

  async seal(held: HeldBallot, marks: Marks = MARKS): Promise<CastingBallot> {
    await keepMarks(KEY, marks);
    const input = { checked: electionOf(held), secret: held.secret, marks };
    const receipt = await this.callDesk('prepareBallot', input);
    const sealed = await this.callDesk('sealBallot', { token: held.token });
    return keepSealed(KEY, sealed, receipt);
  }

  async vote(): Promise<CastBallot> {
    await this.seal(await this.take());
    const record = await sendBallot(KEY, this.sending, () => undefined);
    if (record?.step !== 'cast') throw new Error(`the ballot is at ${record?.step}`);
    return record;
  }
}

export const lost = (): Promise<never> => Promise.reject(new UnreachableError());
