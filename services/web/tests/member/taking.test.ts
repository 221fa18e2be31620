import 'fake-indexeddb/auto';

import { beforeEach, describe, expect, it } from 'vitest';

import { ProblemError, UnreachableError } from '../../src/api/client.ts';
import { eraseBallot, readBallot } from '../../src/member/ballot_custody.ts';
import { takeBallot, type TakingMeans, viewElection } from '../../src/member/taking.ts';
import { encodeEntry } from '../../src/schemas/entries.ts';
import { lost, Phone, SPKI } from './phone.ts';
import { KEY, linesOf, MEMBER, refusal, SmallService, spkiOfMember } from './small_service.ts';

beforeEach(() => eraseBallot(KEY));

describe('taking a ballot', () => {
  it('ends with a token, a confirmation and no blinding state', async () => {
    const service = new SmallService();
    const held = await new Phone(service).take();
    expect(held.step).toBe('held');
    expect(held.marks).toEqual(['blank', 'blank', 'blank']);
    expect(service.isConfirmed).toBe(true);
    const stored = await readBallot(KEY);
    expect(Object.keys(stored ?? {})).not.toContain('blindings');
    expect(Object.keys(stored ?? {})).not.toContain('request');
  });

  it('stores the blinding state and the signed request before anything leaves', async () => {
    const phone = new Phone(new SmallService());
    let atSigning: string | undefined;
    let atAsking: Record<string, unknown> = {};
    const { sign, post } = phone.taking;
    const means: TakingMeans = {
      ...phone.taking,
      sign: async (message, rpId) => {
        atSigning = (await readBallot(KEY))?.step;
        return sign(message, rpId);
      },
      post: async <Answer>(path: string, body: unknown) => {
        if (!path.endsWith('/confirmation')) atAsking = { ...(await readBallot(KEY)) };
        return post<Answer>(path, body);
      },
    };
    await takeBallot(KEY, SPKI, means);
    expect(atSigning).toBe('asking');
    expect(atAsking['request']).toBeDefined();
    expect(atAsking['blindings']).toBeDefined();
  });

  it('asks again with the same bytes when the answer was lost, and signs once', async () => {
    const service = new SmallService();
    const phone = new Phone(service);
    const { post } = phone.taking;
    let isLost = false;
    const means: TakingMeans = {
      ...phone.taking,
      post: async <Answer>(path: string, body: unknown) => {
        const answer = await post<Answer>(path, body);
        if (isLost) return answer;
        isLost = true;
        throw new UnreachableError();
      },
    };
    await expect(takeBallot(KEY, SPKI, means)).rejects.toBeInstanceOf(UnreachableError);
    expect((await takeBallot(KEY, SPKI, means)).step).toBe('held');
    expect(service.issued.size).toBe(1);
    expect(phone.signatures).toBe(1);
  });

  it('forgets a request that the registrar refuses for good', async () => {
    const phone = new Phone(new SmallService());
    const means: TakingMeans = {
      ...phone.taking,
      post: async () => {
        throw new ProblemError(409, 'already-issued', { vi: '', en: '' }, {});
      },
    };
    await expect(takeBallot(KEY, SPKI, means)).rejects.toThrow('already-issued');
    expect((await readBallot(KEY))?.step).toBe('viewed');
  });

  it('keeps a request that is refused under the login of somebody else on this device', async () => {
    const phone = new Phone(new SmallService());
    const { service } = phone;
    // The first answer is lost; then another page of this browser logs another member in.
    const answers = [
      async (path: string, body: unknown) => {
        await service.post(path, body);
        return lost();
      },
      async () => Promise.reject(refusal('issuance-other-key')),
    ];
    const means: TakingMeans = {
      ...phone.taking,
      post: async <Answer>(path: string, body: unknown) => {
        const answer = answers.shift() ?? ((...given) => service.post(...given));
        return (await answer(path, body)) as Answer;
      },
    };
    await expect(takeBallot(KEY, SPKI, means)).rejects.toThrow('no answer');
    phone.isOwnLogin = false;
    await expect(takeBallot(KEY, SPKI, means)).rejects.toThrow('issuance-other-key');
    phone.isOwnLogin = true;
    expect((await takeBallot(KEY, SPKI, means)).step).toBe('held');
  });

  it('keeps what it asked for while the service only cannot be reached', async () => {
    const phone = new Phone(new SmallService());
    const means = { ...phone.taking, post: async () => Promise.reject(refusal('not-ready', 503)) };
    await expect(takeBallot(KEY, SPKI, means)).rejects.toThrow('not-ready');
    expect((await readBallot(KEY))?.step).toBe('asking');
  });
});

describe('a phone takes no ballot', () => {
  const refused = async (
    change: (means: TakingMeans) => object,
    spki = SPKI,
    service = new SmallService(),
  ): Promise<string> => {
    const phone = new Phone(service);
    const means = { ...phone.taking, ...change(phone.taking) };
    const name = await takeBallot(KEY, spki, means).then(
      () => 'taken',
      (error: Error) => error.name,
    );
    expect(service.issued.size).toBe(0);
    return name;
  };

  it('where the election is not what the terms say', async () => {
    const service = new SmallService();
    const [first, ...others] = [...service.published].reverse();
    const other = { ...first, election: service.election.text.replace('Nguyễn Văn 1', 'Trần A') };
    const entries = linesOf([...others.reverse(), other as typeof first & object]);
    const download = async (path: string) =>
      path.endsWith('/roster') ? service.download(path) : entries;
    expect(await refused(() => ({ download }), SPKI, service)).toBe('PublicationError');
  });

  it('where the terms were changed under the same election', async () => {
    const service = new SmallService();
    const changed = service.published.map((entry) =>
      entry.type === 'terms' ? { ...entry, minimum_ballots: 3 } : entry,
    );
    const download = async (path: string) =>
      path.endsWith('/roster') ? service.download(path) : linesOf(changed);
    expect(await refused(() => ({ download }), SPKI, service)).toBe('PublicationError');
  });

  it('where there are two terms', async () => {
    const service = new SmallService();
    const twice = linesOf([...service.published, service.terms]);
    const download = async (path: string) =>
      path.endsWith('/roster') ? service.download(path) : twice;
    expect(await refused(() => ({ download }), SPKI, service)).toBe('PublicationError');
  });

  it('where the last entry is cut off', async () => {
    const service = new SmallService();
    const cut = linesOf(service.published).slice(0, -1);
    const download = async (path: string) =>
      path.endsWith('/roster') ? service.download(path) : cut;
    expect(await refused(() => ({ download }), SPKI, service)).toBe('PublicationError');
  });

  it('where the roster does not open its commitment', async () => {
    const service = new SmallService();
    const download = async (path: string) =>
      path.endsWith('/roster') ? encodeEntry(service.terms) : service.download(path);
    expect(await refused(() => ({ download }), SPKI, service)).toBe('PublicationError');
  });

  it('where the roster holds another key for its member', async () => {
    expect(await refused(() => ({}), spkiOfMember(MEMBER + 1))).toBe('OwnKeyError');
  });

  it('where the terms name another origin or another relying party', async () => {
    expect(await refused(() => ({ origin: 'https://bau.example.com' }))).toBe('PublicationError');
    const readRpId = async () => 'example.vn';
    expect(await refused(() => ({ readRpId }))).toBe('PublicationError');
  });

  it('where the token key is not RSA-3072', async () => {
    const service = new SmallService((terms) => ({
      ...terms,
      token_keys: terms.token_keys.map((key) => ({ ...key, spki: spkiOfMember(1) })),
    }));
    expect(await refused(() => ({}), SPKI, service)).toBe('PublicationError');
  });

  it('where box and log key are named for another election', async () => {
    const service = new SmallService((terms) => ({ ...terms, box_key: terms.log_key }));
    expect(await refused(() => ({}), SPKI, service)).toBe('PublicationError');
  });

  it('where it saw other terms first', async () => {
    const phone = new Phone(new SmallService());
    await viewElection(KEY, SPKI, phone.taking);
    const other = new SmallService((terms) => ({ ...terms, minimum_ballots: 3 }));
    await expect(viewElection(KEY, SPKI, new Phone(other).taking)).rejects.toThrow(
      'saw first',
    );
  });

  it('where the issuer signed something else', async () => {
    const service = new SmallService();
    const phone = new Phone(service);
    const means: TakingMeans = {
      ...phone.taking,
      post: async <Answer>() => ({ blind_signatures: ['A'.repeat(512)] }) as Answer,
    };
    await expect(takeBallot(KEY, SPKI, means)).rejects.toThrow(/signature/);
    expect((await readBallot(KEY))?.step).toBe('asking');
  });
});
