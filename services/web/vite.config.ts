import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

import { blindRsaNumbers } from './build/blind_rsa_numbers.ts';
import { clientManifest } from './build/client_manifest.ts';
import { earlyScripts } from './build/early_scripts.ts';

/** What every area's first screen needs: components, words, login, storage. */
const FRAME = new RegExp(
  [
    '/src/(design/(button|code|dialog|field|lazy_qr|notice|page|route|save_file)|words/words)',
    '/src/(api|device|login)/',
    '/src/(crypto/(device_messages|encodings|errors)|schemas/(base64url|schema_error))[.]ts',
    '/node_modules/(@preact|idb|preact)/',
  ].join('|'),
);
/** A member's ballot, which the kiosk and the second device show, too. */
const BALLOT = /\/src\/member\//;

export default defineConfig({
  plugins: [
    preact({ devToolsEnabled: false }),
    blindRsaNumbers(),
    earlyScripts(),
    clientManifest(),
  ],
  build: {
    target: 'es2022',
    // Inlined assets become data: URLs, which a strict Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    modulePreload: false,
    sourcemap: false,
    rolldownOptions: {
      input: { index: 'index.html', service_worker: 'src/service_worker.ts' },
      output: {
        // The service worker's scope is its path, so its name is fixed.
        entryFileNames: (chunk) =>
          chunk.name === 'service_worker' ? 'service_worker.js' : 'assets/[name]-[hash].js',
        // Few files instead of many small ones: compressed together they are five kilobytes less.
        codeSplitting: {
          groups: [
            { name: 'frame', test: FRAME },
            { name: 'ballot', test: BALLOT },
          ],
        },
      },
    },
  },
  worker: { format: 'es', plugins: () => [blindRsaNumbers()] },
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    // So that the library is tested with the numbers that it is built with.
    server: { deps: { inline: ['@cloudflare/blindrsa-ts'] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores in CI.
    maxWorkers: 2,
  },
});
