/**
 * Writes `client-manifest.txt`: `<sha256>  <path>` of every other file of the client, sorted by
 * path, in the format of sha256sum. Its own SHA-256 is the client's hash (protocol.md §11).
 *
 * Before that the service worker gets the version of all the others: browsers look for a new
 * client by comparing the bytes of that one file.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const NAME = 'client-manifest.txt';
const SERVICE_WORKER = 'service_worker.js';
/** Stands for the version in src/service_worker.ts. */
const VERSION_MARK = 'version-of-the-other-files';

/** The list for all files below `folder`, but those in `without`. */
export function manifestOf(folder: string, without: readonly string[] = []): string {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== NAME && !without.includes(path))
    .sort();
  const hash = (path: string) => sha256(readFileSync(join(folder, path)));
  return paths.map((path) => `${hash(path)}  ${path}\n`).join('');
}

/**
 * Write the version into the service worker: SHA-256 of the lines of all other files. Throws where
 * it has no place for one, or has one already.
 */
export function stampServiceWorker(folder: string): void {
  const path = join(folder, SERVICE_WORKER);
  const program = readFileSync(path, 'utf8');
  if (!program.includes(VERSION_MARK)) throw new Error(`${SERVICE_WORKER} takes no version`);
  const version = sha256(manifestOf(folder, [SERVICE_WORKER]));
  writeFileSync(path, program.replaceAll(VERSION_MARK, version));
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

export function clientManifest(): Plugin {
  let folder = '';
  return {
    name: 'phieukin-client-manifest',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      stampServiceWorker(folder);
      writeFileSync(join(folder, NAME), manifestOf(folder));
    },
  };
}
