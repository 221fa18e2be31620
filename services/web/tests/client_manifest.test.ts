import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { manifestOf, stampServiceWorker } from '../build/client_manifest.ts';

it('lists every other file by path as sha256sum does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), 'a');
  writeFileSync(join(folder, 'assets/b.js'), 'b');
  writeFileSync(join(folder, 'client-manifest.txt'), 'old');
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(manifestOf(folder)).toBe(`${hash('b')}  assets/b.js\n${hash('a')}  index.html\n`);
});

it('gives the service worker other bytes whenever another file has them', () => {
  const built = (page: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'client-'));
    writeFileSync(join(folder, 'index.html'), page);
    writeFileSync(join(folder, 'service_worker.js'), "const v = 'version-of-the-other-files';");
    stampServiceWorker(folder);
    expect(() => stampServiceWorker(folder)).toThrow('takes no version');
    return readFileSync(join(folder, 'service_worker.js'), 'utf8');
  };
  expect(built('a')).toBe(built('a'));
  expect(built('a')).not.toBe(built('b'));
  expect(built('a')).toMatch(/^const v = '[0-9a-f]{64}';$/);
});
