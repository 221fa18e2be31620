import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';

import { drawScalar, systemRandomness } from '../../src/crypto/randomness.ts';
import { ED25519, GROUPS, groupByName } from '../../src/crypto/groups/index.ts';
import { runVectors } from './vector_file.ts';

runVectors('groups.json', {
  parameters: (given: { group: string }) => {
    const group = groupByName(given.group);
    return {
      q: group.q.toString(),
      generator: group.elementToText(group.generator),
      identity: group.elementToText(group.identity),
    };
  },
  element_from_text: (given: { group: string; text: string }) => {
    const group = groupByName(given.group);
    const element = group.elementFromText(given.text);
    return { text: group.elementToText(element), neutral: group.isIdentity(element) };
  },
  power: (given: { group: string; base: string; exponent: string }) => {
    const group = groupByName(given.group);
    const base = group.elementFromText(given.base);
    const exponent = BigInt(given.exponent);
    const [text, ...others] = group.elementsToTexts([
      group.power(base, exponent),
      group.fixedBase(base).power(exponent),
      group.fewPowers(base).power(exponent),
    ]);
    expect(others).toEqual([text, text]);
    return { text };
  },
  multiply: (given: { group: string; left: string; right: string }) => {
    const group = groupByName(given.group);
    const left = group.elementFromText(given.left);
    const right = group.elementFromText(given.right);
    return {
      product: group.elementToText(group.multiply(left, right)),
      quotient: group.elementToText(group.divide(left, right)),
    };
  },
  scalar_from_text: (given: { group: string; text: string }) => ({
    text: groupByName(given.group).scalarFromText(given.text).toString(),
  }),
  hash_to_scalar: (given: { group: string; text: string }) => ({
    scalar: groupByName(given.group).hashToScalar(given.text).toString(),
  }),
});

describe.each(GROUPS)('the group $name', (group) => {
  const exponents = [
    0n, 1n, 2n, 3n, 7n, 8n, 15n, 16n, 17n, 127n, 128n, 129n, 255n, 256n, -1n, -128n,
    group.q - 1n, group.q, group.q + 1n, 2n ** 252n - 1n, 2n ** 252n, 2n ** 255n,
    ...Array.from({ length: 12 }, () => drawScalar(group, systemRandomness)),
  ];

  it('gives one power by every way of computing it', () => {
    const base = group.powerOfGenerator(drawScalar(group, systemRandomness));
    const [table, few] = [group.fixedBase(base), group.fewPowers(base)];
    for (const exponent of exponents) {
      const power = group.power(base, exponent);
      expect(group.equals(table.power(exponent), power)).toBe(true);
      expect(group.equals(few.power(exponent), power)).toBe(true);
      expect(group.elementToText(power)).toBe(group.elementsToTexts([few.power(exponent)])[0]);
    }
  });

  it('keeps the laws of exponents', () => {
    const [a, b] = [drawScalar(group, systemRandomness), drawScalar(group, systemRandomness)];
    const [left, right] = [group.powerOfGenerator(a), group.powerOfGenerator(b)];
    expect(group.equals(group.multiply(left, right), group.powerOfGenerator(a + b))).toBe(true);
    expect(group.equals(group.power(left, b), group.power(right, a))).toBe(true);
    expect(group.isIdentity(group.divide(left, left))).toBe(true);
    expect(group.isIdentity(group.multiply(left, group.invert(left)))).toBe(true);
    expect(group.isIdentity(group.product([]))).toBe(true);
    expect(group.isIdentity(group.power(left, group.q))).toBe(true);
  });

  it('reads back what it writes', () => {
    for (const exponent of exponents.slice(0, 6)) {
      const element = group.powerOfGenerator(exponent);
      const text = group.elementToText(element);
      expect(group.equals(group.elementFromText(text), element)).toBe(true);
    }
  });

  it('refuses the neutral element where it is asked to', () => {
    expect(() => group.refuseIdentity(group.power(group.generator, group.q))).toThrow(
      expect.objectContaining({ name: 'MembershipError' }),
    );
    expect(() => group.refuseIdentity(group.generator)).not.toThrow();
  });
});

describe('our sums on edwards25519', () => {
  it('are those of noble', () => {
    let point = ed25519.Point.BASE;
    for (let round = 0; round < 20; round += 1) {
      const scalar = drawScalar(ED25519, systemRandomness) || 1n;
      point = point.multiply(scalar).double().add(ed25519.Point.BASE);
      const text = [...point.toBytes().reverse()]
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join('');
      const element = ED25519.elementFromText(text);
      const ours = ED25519.power(element, scalar);
      const theirs = point.multiply(scalar).toBytes().reverse();
      expect(ED25519.elementToText(ours)).toBe(
        [...theirs].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      );
    }
  });

  it.each([
    ['order 1 as y = 1', '0000000000000000000000000000000000000000000000000000000000000001', true],
    ['order 2', '7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec', false],
    ['order 4', '0000000000000000000000000000000000000000000000000000000000000000', false],
    ['order 4, odd x', '8000000000000000000000000000000000000000000000000000000000000000', false],
    ['order 8', '7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7', false],
    ['order 8, odd x', 'fa03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7', false],
    ['order 8, -y', '05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826', false],
    ['order 8, -y, odd', '85fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826', false],
  ])('accept no point of small order but the neutral: %s', (_, text, accepted) => {
    const read = (): unknown => ED25519.elementFromText(text);
    if (accepted) expect(read).not.toThrow();
    else expect(read).toThrow(expect.objectContaining({ name: 'MembershipError' }));
  });
});
