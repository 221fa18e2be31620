/** The ceremony on the trustees' own devices, and a service that carries something else. */

import { describe, expect, it } from 'vitest';

import { dumps, loads } from '../../src/crypto/belenios_json.ts';
import {
  type Ceremony,
  checkCommitments,
  commitmentTo,
  type Reveal,
  verifyCeremony,
} from '../../src/crypto/ceremony.ts';
import { MalformedError, TrusteeError } from '../../src/crypto/errors.ts';
import { ED25519, GROUPS } from '../../src/crypto/groups/index.ts';
import { proofToJson } from '../../src/crypto/proofs.ts';
import { systemRandomness } from '../../src/crypto/randomness.ts';
import {
  deriveTrusteeKeys,
  send,
  signedMessageToText,
  signMessage,
  signText,
} from '../../src/crypto/sealed_messages.ts';
import { commit, makeCertificate, makeKey, reveal }
  from '../../src/crypto/trustee_device.ts';
import { stateFromText, stateToText, type TrusteeState } from '../../src/crypto/trustee_state.ts';
import {
  certificatesMessage,
  electionKey,
  verifyCertificates,
  verifyTrustees,
} from '../../src/crypto/trustee_verification.ts';
import { parseTrustees, trusteesToText } from '../../src/crypto/trustees.ts';
import {
  at,
  CERTIFICATES_ROOT,
  holdCeremony,
  replaced,
  untilCommitted,
  UUID,
} from './counting_team.ts';

const held = holdCeremony(ED25519, 3, 2);
const NEUTRAL = ED25519.elementToText(ED25519.identity);
const ELEMENT = ED25519.elementToText(ED25519.powerOfGenerator(5n));
const PLACE = { uuid: UUID, index: 1, size: 3, threshold: 2 };

function fresh(): TrusteeState[] {
  return [1, 2, 3].map((index) =>
    makeCertificate(ED25519, { ...PLACE, index }, systemRandomness),
  );
}

/** What is refused in the name of trustee 2. */
function expectSecondNamed(work: () => unknown): void {
  expect(work).toThrow(TrusteeError);
  expect(work).toThrow(expect.objectContaining({ trustee: 2 }));
}

describe.each(GROUPS)('a ceremony in $name', (group) => {
  it('gives a team that reads back, verifies and has its own keys', () => {
    const { team, states } = holdCeremony(group, 3, 2);
    const text = trusteesToText(group, [team]);
    const parsed = parseTrustees(group, text);
    verifyTrustees(group, parsed);
    expect(trusteesToText(group, parsed)).toBe(text);
    states.forEach((state, place) => {
      const key = group.powerOfGenerator(state.decryptionKey ?? 0n);
      expect(group.equals(key, at(team.verificationKeys, place).publicKey)).toBe(true);
    });
  });
});

describe('a place in a team', () => {
  it('may be the only one', () => {
    const { team, states } = holdCeremony(ED25519, 1, 1);
    const key = ED25519.powerOfGenerator(at(states, 0).decryptionKey ?? 0n);
    expect(ED25519.equals(electionKey(ED25519, [team]), key)).toBe(true);
  });

  it.each([
    { size: 2, threshold: 1 },
    { threshold: 1 },
    { size: 4 },
    { threshold: 4 },
    { size: 0, threshold: 0 },
    { size: 21, threshold: 15 },
    { index: 0 },
    { index: 4 },
    { index: 1.5 },
    { uuid: 'short' },
  ])('is refused with %j', (change) => {
    expect(() => makeCertificate(ED25519, { ...PLACE, ...change }, systemRandomness)).toThrow(
      MalformedError,
    );
  });
});

describe('the state of a device', () => {
  it('is stored and read again at every step', () => {
    for (const state of [...fresh(), ...untilCommitted(ED25519, 3, 2), ...held.states]) {
      expect(stateFromText(stateToText(state))).toEqual(state);
    }
  });

  it.each([
    { more: 1 },
    { decryption_key: 7 },
    { decryption_key: ED25519.q.toString() },
    { certificates: 3 },
    { certificates: [3] },
    { contribution: {} },
    { reveals: [{}] },
    { index: '1' },
    { group: 'Ed448' },
  ])('is read strictly: %j', (change) => {
    const stored = loads(stateToText(at(held.states, 0))) as object;
    expect(() => stateFromText(dumps({ ...stored, ...change }))).toThrow(
      expect.objectContaining({ name: expect.stringMatching(/MalformedError|ScalarRangeError/) }),
    );
  });

  it('is the same after a step was repeated, whatever is drawn', () => {
    const states = untilCommitted(ED25519, 3, 2);
    const certificates = states.map((state) => state.certificate);
    const [first] = states;
    if (first === undefined) throw new Error('no state');
    expect(commit(first, certificates, CERTIFICATES_ROOT, systemRandomness)).toBe(first);
    const [made] = held.states;
    if (made === undefined) throw new Error('no state');
    expect(makeKey(made, held.ceremony.reveals, [], systemRandomness)).toBe(made);
  });
});

describe('a commitment', () => {
  it('is made once, under certificates among which is the own one', () => {
    const states = fresh();
    const certificates = states.map((state) => state.certificate);
    const first = at(states, 0);
    const committed = commit(first, certificates, CERTIFICATES_ROOT, systemRandomness);
    const others = [...certificates].reverse();
    for (const [list, root] of [
      [others, CERTIFICATES_ROOT],
      [certificates, new Uint8Array(32)],
    ] as const) {
      expect(() => commit(committed, list, root, systemRandomness)).toThrow('other certificates');
    }
    for (const list of [others, certificates.slice(0, 2)]) {
      expect(() => commit(first, list, CERTIFICATES_ROOT, systemRandomness)).toThrow('own');
    }
  });

  it('has no coefficient that is zero, which the log would show', () => {
    const states = fresh();
    const certificates = states.map((state) => state.certificate);
    let draws = 0;
    const random = (length: number): ReturnType<typeof systemRandomness> => {
      draws += 1;
      return draws === 1 ? new Uint8Array(length) : systemRandomness(length);
    };
    const state = commit(at(states, 0), certificates, CERTIFICATES_ROOT, random);
    expect(state.contribution?.coefexps).not.toContain(NEUTRAL);
  });

  it('is of this election, place, log and message', () => {
    const own = commitmentTo(UUID, 1, CERTIFICATES_ROOT, 'm');
    const others = new Set([
      commitmentTo('3MoJPRgWzLnoyF', 1, CERTIFICATES_ROOT, 'm'),
      commitmentTo(UUID, 2, CERTIFICATES_ROOT, 'm'),
      commitmentTo(UUID, 1, new Uint8Array(32), 'm'),
      commitmentTo(UUID, 1, CERTIFICATES_ROOT, 'n'),
    ]);
    expect(others.size).toBe(4);
    expect(others.has(own)).toBe(false);
  });

  it('is a hash, and nobody else has it', () => {
    const good = ['0'.repeat(64), '1'.repeat(64), '2'.repeat(64)];
    checkCommitments(good);
    for (const wrong of ['0'.repeat(64), 'A'.repeat(64), '']) {
      expect(() => {
        checkCommitments([...good.slice(0, 2), wrong]);
      }).toThrow(expect.objectContaining({ trustee: 3 }));
    }
  });
});

describe('certificates', () => {
  const seed = 'ARks2fJoF5xNw7amG7Kaz4';
  const keys = deriveTrusteeKeys(ED25519, seed);
  const context = { group: 'Ed25519', size: 3, threshold: 2, index: 2 };

  function certificate(change: object, signing = keys.signing): string {
    const message = {
      context,
      verification: ED25519.elementToText(ED25519.powerOfGenerator(keys.signing)),
      encryption: ED25519.elementToText(ED25519.powerOfGenerator(keys.decryption)),
      ...change,
    };
    const signed = signMessage(ED25519, signing, dumps(message), systemRandomness);
    return signedMessageToText(signed);
  }

  function verifyWith(text: string): void {
    const certificates = replaced(held.ceremony.certificates, 1, text);
    verifyCertificates(ED25519, certificates, 2);
  }

  it('may be of any keys that nobody else has', () => {
    expect(() => {
      verifyWith(certificate({}));
    }).not.toThrow();
  });

  const own = ED25519.elementToText(ED25519.powerOfGenerator(keys.signing));
  it.each([
    ['of another place', certificate({ context: { ...context, index: 3 } })],
    ['of another team', certificate({ context: { ...context, size: 4 } })],
    ['of another threshold', certificate({ context: { ...context, threshold: 3 } })],
    ['of another group', certificate({ context: { ...context, group: 'BELENIOS-2048' } })],
    ['with a context of more', certificate({ context: { ...context, more: 1 } })],
    ['with a context in another order', certificate({
      context: { index: 2, threshold: 2, size: 3, group: 'Ed25519' },
    })],
    ['without context, as in 2.0', certificate({ context: undefined })],
    ['of a neutral encryption key', certificate({ encryption: NEUTRAL })],
    ['of a neutral verification key', certificate({ verification: NEUTRAL })],
    ['of a key outside of the group', certificate({ encryption: '00'.repeat(32) })],
    ['of one key for both', certificate({ encryption: own })],
    ['with a field more', certificate({ more: 'x' })],
    ['signed by somebody else', certificate({}, 7n)],
    ['of somebody else', at(held.ceremony.certificates, 0)],
    ['that is nothing', ''],
    ['in another spelling', `${certificate({})} `],
  ])('%s are refused in their sender\'s name', (_, text) => {
    expectSecondNamed(() => {
      verifyWith(text);
    });
  });
});

describe('a reveal', () => {
  it('waits for all commitments, the own one in its place', () => {
    const states = untilCommitted(ED25519, 3, 2);
    const commitments = states.map((state) => state.commitment);
    for (const wrong of [commitments.slice(0, 2), replaced(commitments, 0, '0'.repeat(64))]) {
      expect(() => reveal(at(states, 0), wrong)).toThrow('own');
    }
    expect(() => reveal(at(fresh(), 0), commitments)).toThrow('commits before');
  });

  it('is made under one set of commitments only', () => {
    const states = untilCommitted(ED25519, 3, 2);
    const commitments = states.map((state) => state.commitment);
    const { state, contribution } = reveal(at(states, 0), commitments);
    expect(reveal(state, commitments).contribution).toBe(contribution);
    expect(() => reveal(state, replaced(commitments, 2, '0'.repeat(64)))).toThrow(
      'other commitments',
    );
  });
});

describe('a key', () => {
  const committed = untilCommitted(ED25519, 3, 2);
  const revealed = committed.map((state) =>
    reveal(state, committed.map((each) => each.commitment)),
  );
  const reveals = revealed.map((each) => each.contribution);
  const state = at(revealed, 0).state;
  const shares = revealed.map((each) => at(each.sealedShares, 0));

  it('is made after the reveal', () => {
    for (const early of [at(fresh(), 0), at(committed, 0)]) {
      expect(() => makeKey(early, [], [], systemRandomness)).toThrow('reveals before');
    }
  });

  it('is made once, from reveals among which is the own one, and a share from each', () => {
    const others = [...reveals].reverse();
    const made = makeKey(state, reveals, shares, systemRandomness);
    expect(() => makeKey(made, others, shares, systemRandomness)).toThrow('other reveals');
    expect(() => makeKey(state, others, shares, systemRandomness)).toThrow('own');
    expect(() => makeKey(state, reveals, shares.slice(0, 2), systemRandomness)).toThrow(
      'one sealed share',
    );
  });

  it.each([
    '{"secret":"1"}',
    `{"secret":"${ED25519.q}"}`,
    '{"secret":"01"}',
    '{"secret": "1"}',
    '{"secret":1}',
    '{"share":"1"}',
    '',
  ])('is not made from the share %s, whose sender is named', (message) => {
    const sender = deriveTrusteeKeys(ED25519, at(committed, 1).seed);
    const recipient = deriveTrusteeKeys(ED25519, state.seed);
    const encryption = ED25519.powerOfGenerator(recipient.decryption);
    const bad = send(ED25519, sender.signing, encryption, message, systemRandomness);
    expectSecondNamed(() =>
      makeKey(state, reveals, replaced(shares, 1, bad), systemRandomness),
    );
  });

  it('is not made from a share for somebody else', () => {
    const other = at(at(revealed, 1).sealedShares, 2);
    expectSecondNamed(() =>
      makeKey(state, reveals, replaced(shares, 1, other), systemRandomness),
    );
  });
});

describe('the log of a ceremony', () => {
  const { ceremony } = held;
  const PROOF = { challenge: '1', response: '1' };

  /** Trustee 2 signs other coefficients than it drew. */
  function resigned(elements: readonly unknown[]): Reveal {
    const { signing } = deriveTrusteeKeys(ED25519, at(held.states, 1).seed);
    const message = dumps({ coefexps: elements });
    const signed = signMessage(ED25519, signing, message, systemRandomness);
    const certificates = verifyCertificates(ED25519, ceremony.certificates, 2);
    const body = certificatesMessage(certificates, elements as string[]);
    const signature = signText(ED25519, signing, body, systemRandomness);
    return {
      coefexps: signedMessageToText(signed),
      signature: dumps(proofToJson(signature)),
    };
  }

  function withReveal(revealed: Partial<Reveal>): Ceremony {
    const second = { ...at(ceremony.reveals, 1), ...revealed };
    return { ...ceremony, reveals: replaced(ceremony.reveals, 1, second) };
  }

  it('shows a trustee that changed its mind after it had seen the others', () => {
    const changed = withReveal(resigned([ELEMENT, ELEMENT]));
    expectSecondNamed(() => verifyCeremony(ED25519, changed));
    expect(() => verifyCeremony(ED25519, changed)).toThrow('does not open');
  });

  it.each([
    [[ELEMENT]],
    [[ELEMENT, ELEMENT, ELEMENT]],
    [[ELEMENT, NEUTRAL]],
    [[NEUTRAL, ELEMENT]],
    [[ELEMENT, '00'.repeat(32)]],
    [[ELEMENT, 1]],
  ])('has t coefficients of the group, not neutral: %j', (elements) => {
    const revealed = resigned(elements);
    const { message } = loads(revealed.coefexps) as { message: string };
    const commitment = commitmentTo(UUID, 2, CERTIFICATES_ROOT, message);
    const commitments = replaced(ceremony.commitments, 1, commitment);
    expectSecondNamed(() =>
      verifyCeremony(ED25519, { ...withReveal(revealed), commitments }),
    );
  });

  it('has coefficients signed by the key of the certificate, over all certificates', () => {
    const { message } = loads(at(ceremony.reveals, 1).coefexps) as { message: string };
    const { signing } = deriveTrusteeKeys(ED25519, at(held.states, 0).seed);
    const signed = signMessage(ED25519, signing, message, systemRandomness);
    const { signature } = at(ceremony.reveals, 1);
    for (const change of [
      { coefexps: signedMessageToText(signed) },
      { signature: at(ceremony.reveals, 0).signature },
      { signature: signature.replace(',', ', ') },
    ]) {
      expectSecondNamed(() => verifyCeremony(ED25519, withReveal(change)));
    }
  });

  it.each(['reveals', 'keys', 'commitments', 'certificates'] as const)('has all %s', (part) => {
    const short = { ...ceremony, [part]: ceremony[part].slice(0, 2) };
    expect(() => verifyCeremony(ED25519, short)).toThrow();
  });

  const key = loads(at(ceremony.keys, 1)) as object;
  it.each([
    { ...key, pok: PROOF },
    { ...key, signature: PROOF },
    { ...key, signature: undefined },
    { ...key, public_key: ELEMENT },
    { ...key, public_key: NEUTRAL },
    { ...key, more: '1' },
    [],
  ])('has keys that follow, are known and signed: %#', (value) => {
    const keys = replaced(ceremony.keys, 1, dumps(value));
    expectSecondNamed(() => verifyCeremony(ED25519, { ...ceremony, keys }));
  });
});
