import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

import { blindRsaNumbers } from './build/blind_rsa_numbers.ts';
import { clientManifest } from './build/client_manifest.ts';

export default defineConfig({
  plugins: [preact({ devToolsEnabled: false }), blindRsaNumbers(), clientManifest()],
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
