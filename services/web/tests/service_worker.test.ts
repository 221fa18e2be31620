/** The service worker of two versions on one phone, with the browser's caches in memory. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';

type Handler = (event: Record<string, unknown>) => void;

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** The client's files as a service has them; `index.html` is the page. */
class Version {
  readonly files: Record<string, string>;
  readonly version: string;

  constructor(page: string) {
    const others = { 'assets/a.js': `// of ${page}`, 'index.html': page };
    const lines = (files: Record<string, string>) =>
      Object.entries(files).map(([path, text]) => `${hashOf(text)}  ${path}\n`);
    this.version = hashOf(lines(others).join(''));
    const files = { ...others, 'service_worker.js': this.version };
    this.files = { ...files, 'client-manifest.txt': lines(files).join('') };
  }
}

class MemoryCaches {
  readonly kept = new Map<string, Map<string, Response>>();
  keys = async () => [...this.kept.keys()];
  delete = async (name: string) => this.kept.delete(name);
  open = async (name: string) => {
    const found = this.kept.get(name) ?? new Map<string, Response>();
    this.kept.set(name, found);
    return { put: async (path: string, file: Response) => void found.set(path, file) };
  };
  match = async (path: string, { cacheName }: { cacheName?: string }) => {
    const names = cacheName === undefined ? [...this.kept.keys()] : [cacheName];
    const found = names.map((name) => this.kept.get(name)?.get(path)).find(Boolean);
    return found?.clone();
  };
}

/** A worker of one version, as the browser starts it. */
async function workerOf(version: Version): Promise<Map<string, Handler>> {
  const handlers = new Map<string, Handler>();
  vi.stubGlobal('self', {
    addEventListener: (name: string, handler: Handler) => handlers.set(name, handler),
    location: { origin: 'https://bau.example.vn' },
    clients: { claim: async () => undefined },
    skipWaiting: async () => undefined,
  });
  await import(/* @vite-ignore */ built(version));
  return handlers;
}

/** The source as the build leaves it: the version in the place that is kept for it. */
function built({ version }: Version): string {
  const source = readFileSync(join(import.meta.dirname, '../src/service_worker.ts'), 'utf8');
  const path = join(mkdtempSync(join(tmpdir(), 'worker-')), 'service_worker.ts');
  writeFileSync(path, source.replaceAll('version-of-the-other-files', version));
  return path;
}

function serve(version: Version): void {
  vi.stubGlobal('fetch', async (address: string) => {
    const text = version.files[address === '/' ? 'index.html' : address.slice(1)];
    return text === undefined ? new Response('', { status: 404 }) : new Response(text);
  });
}

async function run(handlers: Map<string, Handler>, name: string): Promise<void> {
  let work: unknown;
  handlers.get(name)?.({ waitUntil: (promise: unknown) => (work = promise) });
  await work;
}

async function pageBy(handlers: Map<string, Handler>): Promise<string> {
  let answer: Promise<Response> | undefined;
  const request = { url: 'https://bau.example.vn/', method: 'GET', mode: 'navigate' };
  handlers.get('fetch')?.({ request, respondWith: (given: Promise<Response>) => (answer = given) });
  return (await answer)?.text() ?? '';
}

afterEach(() => void vi.unstubAllGlobals());

it('serves its own version, whichever was installed last', async () => {
  const caches = new MemoryCaches();
  vi.stubGlobal('caches', caches);
  const [first, second] = [new Version('one'), new Version('two')];
  serve(first);
  const one = await workerOf(first);
  await run(one, 'install');
  await run(one, 'activate');
  serve(second);
  const two = await workerOf(second);
  await run(two, 'install');
  expect([await pageBy(one), await pageBy(two)]).toEqual(['one', 'two']);
  // The service goes back to the first version while the second one still waits.
  serve(first);
  const again = await workerOf(first);
  await run(again, 'install');
  await run(again, 'activate');
  expect(await pageBy(again)).toBe('one');
  expect(caches.kept.size).toBe(1);
});

it('installs no list that is of another version than it', async () => {
  vi.stubGlobal('caches', new MemoryCaches());
  const worker = await workerOf(new Version('one'));
  serve(new Version('two'));
  await expect(run(worker, 'install')).rejects.toThrow('another version');
});
