/**
 * Keeps the client's files for a hall without network: exactly those that `client-manifest.txt`
 * lists, each with its hash checked. It never touches a request to the API.
 *
 * A new version is installed as a whole or not at all, and takes over when no page of the old one
 * is open: a page never mixes two versions.
 */
declare const self: ServiceWorkerGlobalScope;

const MANIFEST = '/client-manifest.txt';
const PAGE = 'index.html';
const PREFIX = 'phieukin-';

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(removeOld()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === self.location.origin && event.request.method === 'GET';
  if (!isOurs || url.pathname.startsWith('/api/') || url.pathname.startsWith('/health/')) return;
  event.respondWith(answer(event.request, url));
});

async function install(): Promise<void> {
  const response = await fetch(MANIFEST, { cache: 'no-store' });
  if (!response.ok) throw new Error('no list of files');
  const manifest = await response.clone().arrayBuffer();
  const cache = await caches.open(PREFIX + (await sha256(manifest)));
  await Promise.all(
    linesOf(new TextDecoder().decode(manifest)).map(async ([hash, path]) => {
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
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  // `install` has opened ours last; insertion order is the order of `keys`.
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(request: Request, url: URL): Promise<Response> {
  const path = request.mode === 'navigate' ? `/${PAGE}` : url.pathname;
  const kept = await caches.match(path, { ignoreVary: true });
  return kept ?? fetch(request);
}

function linesOf(manifest: string): [hash: string, path: string][] {
  return manifest
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, 64), line.slice(66)]);
}

async function sha256(data: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export {};
