/**
 * Writes `client-manifest.txt`: `<sha256>  <path>` of every other file of the client, sorted by
 * path, in the format of sha256sum. Its own SHA-256 is the client's hash (protocol.md §11).
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const NAME = 'client-manifest.txt';

/** The list for all files below `folder`. */
export function manifestOf(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== NAME)
    .sort();
  const hash = (path: string) =>
    createHash('sha256').update(readFileSync(join(folder, path))).digest('hex');
  return paths.map((path) => `${hash(path)}  ${path}\n`).join('');
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
      writeFileSync(join(folder, NAME), manifestOf(folder));
    },
  };
}
