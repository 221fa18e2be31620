import { describe, expect, it } from 'vitest';

import {
  codeOf,
  electionCode,
  electionValue,
  readCode,
  receiptValue,
  sealCode,
  sealCodeOfNote,
  sealValue,
} from '../../src/crypto/codes.ts';
import { fromHex, toHex } from '../../src/crypto/encodings.ts';
import { runVectors } from './vector_file.ts';

runVectors('codes.json', {
  code_of: async (given: { value: string }) => ({ code: await codeOf(fromHex(given.value)) }),
  read_code: (given: { typed: string }) => ({ code: readCode(given.typed) }),
  election_value: (given: { phi: string }) => ({ value: toHex(electionValue(given.phi)) }),
  seal_value: (given: { checkpoint_text: string }) => ({
    value: toHex(sealValue(given.checkpoint_text)),
  }),
  receipt_value: (given: { phi: string; ciphertexts: [string, string][] }) => ({
    value: toHex(receiptValue(given.phi, given.ciphertexts)),
  }),
});

describe('the codes of the hall', () => {
  const phi = '7TnGlfDbBOLFJ0uVkSh8nAfZH2PmgjZyv8mAHyJ4rcY';

  it('are the codes of their values', async () => {
    expect(await electionCode(phi)).toBe(await codeOf(electionValue(phi)));
  });

  it('leave the signatures of a checkpoint out', async () => {
    const text = `log.example.vn/2MoJPRgWzLnoyF\n5\n${'A'.repeat(43)}=\n`;
    const note = `${text}\n— log.example.vn/2MoJPRgWzLnoyF AAAAAAAAAAA=\n`;
    expect(await sealCodeOfNote(note)).toBe(await sealCode(text));
  });
});
