/** Runs Debian's belenios-tool 2.0, a stranger who judges what this program makes. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const hasTool = spawnSync('belenios-tool', ['--version']).error === undefined;

/** Whether the tool is missing, outside of CI: there its absence is a failure, never skipped. */
export const isSkipped = !hasTool && process.env['CI'] !== 'true';

if (isSkipped) {
  console.warn('belenios-tool is not installed (Debian package belenios-tool): tests are skipped');
}

/** What the tool says of an archive. */
export interface Verdict {
  readonly accepted: boolean;
  readonly output: string;
}

/** `belenios-tool election verify` on an archive of that uuid. */
export function judge(uuid: string, archive: Uint8Array): Verdict {
  const folder = mkdtempSync(join(tmpdir(), 'belenios-'));
  try {
    writeFileSync(join(folder, `${uuid}.bel`), archive);
    const done = spawnSync('belenios-tool', ['election', 'verify', '--dir', folder], {
      encoding: 'utf-8',
      env: { ...process.env, BELENIOS_USE_URANDOM: '1' },
      timeout: 120_000,
    });
    if (done.error !== undefined) throw done.error;
    return { accepted: done.status === 0, output: done.stdout + done.stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
