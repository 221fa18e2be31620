import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { manifestOf } from '../build/client_manifest.ts';

it('lists every other file by path as sha256sum does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), 'a');
  writeFileSync(join(folder, 'assets/b.js'), 'b');
  writeFileSync(join(folder, 'client-manifest.txt'), 'old');
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(manifestOf(folder)).toBe(`${hash('b')}  assets/b.js\n${hash('a')}  index.html\n`);
});
