import 'fake-indexeddb/auto';

import { expect, it } from 'vitest';

import type { ElectionView } from '../../src/api/types.ts';
import { electionCode } from '../../src/crypto/codes.ts';
import { parseElection } from '../../src/crypto/elections.ts';
import { CountingDesk } from '../../src/tellers/counting_desk.ts';
import { at, UUID } from '../verifier/record_parts.ts';
import { ServiceInMemory } from './service_in_memory.ts';
import { checkHere, progress, takeKeys, type TestTeller } from './three_tellers.ts';

/** The page of a teller after a reload, its share still locked, on what the service then says. */
async function pageOf(teller: TestTeller, shown: Partial<ElectionView>): Promise<CountingDesk> {
  const owner = { uuid: UUID, member: teller.index };
  const { service } = teller.means;
  const readElection = async () => ({ ...(await service.readElection()), ...shown });
  const means = {
    ...teller.means,
    service: { ...service, readElection },
    checkBoard: checkHere,
    ownPromises: async () => [],
  };
  const desk = new CountingDesk(owner, means);
  await desk.refresh();
  return desk;
}

it('a teller compares the election that the own device confirmed, not the one it is shown', async () => {
  const service = new ServiceInMemory();
  const tellers = await takeKeys(service);
  await progress(service, tellers);
  const first = at(tellers, 0);
  // Before it has confirmed anything there is no code, whatever the service says.
  service.issue();
  const early = await pageOf(first, { phi: 'A'.repeat(43), election_code: 'AAAA' });
  expect(early.confirmed.value).toBeNull();
  await progress(service, tellers);
  const entry = service.log.find((each) => each.type === 'election');
  if (entry?.type !== 'election') throw new RangeError('no election');
  const phi = parseElection(entry.election).fingerprint;
  const code = await electionCode(phi);
  for (const state of ['issuing', 'voting'] as const) {
    const desk = await pageOf(first, { state, phi, election_code: 'AAAA' });
    expect(desk.confirmed.value).toEqual({ phi, code });
    expect(desk.stop.value).toBeNull();
  }
  // Phones and hall are shown an election whose key is not the team's.
  const lied = await pageOf(first, { state: 'voting', phi: 'A'.repeat(43), election_code: 'AAAA' });
  expect(lied.confirmed.value).toEqual({ phi, code });
  expect(lied.stage.value).toBe('stopped');
});
