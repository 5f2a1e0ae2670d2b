import { defineConfig } from 'vitest/config';

// The console lives at URLs one segment deep (`/`, `/query`, …) below a route prefix that only the
// server knows, while its files are served from `/ui/`. Hence every link is relative: `./ui/…` from
// the page, and next to each other between files.
const server = 'http://127.0.0.1:9090';

export default defineConfig({
  publicDir: 'public',
  build: {
    outDir: 'target/classes/ui',
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2022',
    // Colours are written once with light-dark(), which these understand.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // Nothing is inlined as a data: URL, so the content security policy stays strict.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    reportCompressedSize: true,
    // The licences of what is bundled travel with it.
    license: { fileName: 'licenses.md' },
  },
  experimental: {
    renderBuiltUrl: (file, { hostType }) =>
      hostType === 'html' ? `./ui/${file}` : { relative: true },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': server, '/-': server },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    reporters: ['dot'],
  },
});
