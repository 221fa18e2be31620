/**
 * Keeps the client's files for a hall without network: exactly those that `client-manifest.txt`
 * lists, each with its hash checked. It never touches a request to the API.
 *
 * A new version is installed as a whole or not at all, and takes over when no page of the old one
 * is open, or when its user asks for it: a page never mixes two versions.
 */
declare const self: ServiceWorkerGlobalScope;

const MANIFEST = '/client-manifest.txt';
const PAGE = 'index.html';
const PREFIX = 'phieukin-';
const OWN_PATH = 'service_worker.js';
/**
 * SHA-256 of the list's lines of all other files; the build writes it here. Without it this file
 * would stay the same when others change, and no browser would look for them again.
 */
const VERSION = 'version-of-the-other-files';
const CACHE = PREFIX + VERSION;
/** What a page says that wants the version that waits: see `renewProgram`. */
const TAKE_OVER = 'take-over';

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(removeOld()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === self.location.origin && event.request.method === 'GET';
  if (!isOurs || url.pathname.startsWith('/api/') || url.pathname.startsWith('/health/')) return;
  event.respondWith(answer(event.request, url));
});
self.addEventListener('message', (event) => {
  if (event.data === TAKE_OVER) event.waitUntil(self.skipWaiting());
});

async function install(): Promise<void> {
  const response = await fetch(MANIFEST, { cache: 'no-store' });
  if (!response.ok) throw new Error('no list of files');
  const lines = linesOf(await response.clone().text());
  if ((await versionOf(lines)) !== VERSION) throw new Error('the list is of another version');
  const cache = await caches.open(CACHE);
  await Promise.all(
    lines.map(async ([hash, path]) => {
      // The service answers with the page itself at its paths, under no name of a file.
      const address = path === PAGE ? '/' : `/${path}`;
      const file = await fetch(address, { cache: 'no-store' });
      if (!file.ok || (await sha256(await file.clone().arrayBuffer())) !== hash) {
        throw new Error(`${path} is not the file that the list names`);
      }
      await cache.put(`/${path}`, file);
    }),
  );
  await cache.put(MANIFEST, response);
}

async function removeOld(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(request: Request, url: URL): Promise<Response> {
  const path = request.mode === 'navigate' ? `/${PAGE}` : url.pathname;
  // Of this version only: the next one may be in another cache already.
  const kept = await caches.match(path, { cacheName: CACHE, ignoreVary: true });
  return kept ?? fetch(request);
}

function linesOf(manifest: string): [hash: string, path: string][] {
  return manifest
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, 64), line.slice(66)]);
}

/** As the build computes it: see `stampServiceWorker`. */
function versionOf(lines: readonly (readonly [string, string])[]): Promise<string> {
  const others = lines.filter(([, path]) => path !== OWN_PATH);
  const text = others.map(([hash, path]) => `${hash}  ${path}\n`).join('');
  return sha256(new TextEncoder().encode(text).buffer);
}

async function sha256(data: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export {};
