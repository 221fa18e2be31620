/** Archives made by belenios-tool 2.0, 2.5.1 and 3.3.0, by Belenios' own rules (protocol.md §9). */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { type Archive, readArchive, writeArchive } from '../../src/crypto/belenios_archive.ts';
import { ON_TRUST } from '../../src/verifier/foreign_archive.ts';
import { failed } from '../../src/verifier/report.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';
import { at } from './record_parts.ts';

const VECTORS = join(import.meta.dirname, '../../../../tests/vectors/belenios');
const ABSENT = 'V0 V2 V3 V6 V7 V11 V12 V16 V18 V19 V20';

function archiveIn(folder: string): Archive {
  const names = readdirSync(join(VECTORS, folder)).filter((name) => name.endsWith('.bel'));
  return readArchive(new Uint8Array(readFileSync(join(VECTORS, folder, at(names, 0)))));
}

async function verify(archive: Archive) {
  const anchors = { showsCodes: false };
  return (await verifyBytes(writeArchive(archive), 'x.bel', { anchors })).report;
}

function nextDigit(text: string, after: string): string {
  const place = text.indexOf(after) + after.length;
  return text.slice(0, place) + String((Number(text[place]) % 9) + 1) + text.slice(place + 1);
}

describe('an archive as it was made', () => {
  it.each(readdirSync(VECTORS))('%s', async (folder) => {
    const archive = archiveIn(folder);
    const { checks } = await verify(archive);

    expect(failed(checks)).toEqual([]);
    const silent = checks.filter((check) => check.status !== 'holds').map((check) => check.id);
    expect(silent.join(' ')).toBe(ABSENT);
    const expected = readFileSync(join(VECTORS, folder, 'expected-result.json'), 'utf8').trim();
    expect(archive.result).toBe(expected);
    expect(at(checks, 14).detail).toContain(ON_TRUST);
  });

  it('counts the last ballot of a credential', async () => {
    const { checks } = await verify(archiveIn('tool-3.3.0-ed25519-blank'));
    expect(at(checks, 8).detail).toMatch(/^7 of 7/);
    expect(at(checks, 13).detail).toBe('6 ballots count, of weight 6');
  });
});

const ALTERED: Readonly<Record<string, (archive: Archive) => Partial<Archive>>> = {
  V4: ({ election }) => ({ election: election.replace('"version":1', '"version":3') }),
  V5: ({ trustees }) => ({ trustees: nextDigit(trustees, '"response":"') }),
  V13: () => ({ numTallied: 1 }),
  V14: ({ partialDecryptions }) => {
    const first = at(partialDecryptions, 0);
    const text = nextDigit(first.text, '"response":"');
    return { partialDecryptions: [{ ...first, text }, ...partialDecryptions.slice(1)] };
  },
  V15: ({ result }) => ({ result: (result ?? '').replace('[[6,1]', '[[5,2]') }),
  V17: () => ({ publicCredentials: '[]' }),
};

describe('an altered archive', () => {
  it.each(Object.entries(ALTERED))('%s alone fails', async (id, change) => {
    const archive = archiveIn('tool-3.3.0-ed25519-agree');
    const { checks } = await verify({ ...archive, ...change(archive) });
    expect(failed(checks)).toEqual([id]);
  });

  it('with one digit changed anywhere in a ballot is seen', async () => {
    const archive = archiveIn('tool-3.3.0-ed25519-agree');
    const text = at(archive.ballots, 0);
    const digits = [...text.matchAll(/[0-9]/g)].map((match) => match.index);
    for (const part of [0.1, 0.5, 0.9]) {
      const place = at(digits, Math.floor(part * digits.length));
      const digit = String((Number(text[place]) + 1) % 10);
      const changed = text.slice(0, place) + digit + text.slice(place + 1);
      const { checks } = await verify({
        ...archive,
        ballots: [changed, ...archive.ballots.slice(1)],
      });
      const seen = failed(checks).filter((id) => ['V8', 'V9', 'V10'].includes(id));
      expect(seen, String(place)).not.toEqual([]);
    }
  });
});
