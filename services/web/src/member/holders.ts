/** One holder for each ballot of this page, however many screens show it. */
import { callDesk } from './ballot_client.ts';
import type { BallotKey } from './ballot_custody.ts';
import { BallotHolder, holderMeans } from './ballot_holder.ts';

const holders = new Map<string, BallotHolder>();

/** The holder of a ballot; it has begun to load. */
export function holderOf({ uuid, member }: BallotKey): BallotHolder {
  const name = `${uuid}/${member}`;
  let holder = holders.get(name);
  if (holder === undefined) {
    holder = new BallotHolder({ uuid, member }, holderMeans(callDesk));
    holders.set(name, holder);
    void load(holder);
  }
  return holder;
}

async function load(holder: BallotHolder): Promise<void> {
  try {
    await holder.load();
  } catch (error) {
    holder.fault.value = error;
  }
}
