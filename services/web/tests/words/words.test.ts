import { expect, it } from 'vitest';

import { addressed, fill } from '../../src/words/words.ts';

it('fills places, and refuses a place without a value', () => {
  expect(fill('{a}/{b}', { a: 1, b: 'hai' })).toBe('1/hai');
  expect(() => fill('{a}', {})).toThrow(/no value/);
});

it('does not read a value as a text with places', () => {
  expect(fill('{a}', { a: '{b}' })).toBe('{b}');
});

it("changes the form of address to the council's own", () => {
  expect(addressed('Đồng chí chờ; mời đồng chí.', 'thầy/cô')).toBe('Thầy/cô chờ; mời thầy/cô.');
  expect(addressed('Đồng chí', 'đồng chí')).toBe('Đồng chí');
});
