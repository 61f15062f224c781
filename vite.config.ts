import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { softwareVulkanEnv } from './tools/browser.mjs'
import { softwareAsked } from './tools/gpu-choice.mjs'
import { optimizeDeps, plugins } from './tools/vite.mjs'
import { puppeteer } from './tools/vitest-puppeteer.mjs'

// Before Vitest forks: the children need LD_LIBRARY_PATH from their start.
const dawn = Boolean(process.env['GRADSCOPE_DAWN'])
if (dawn && softwareAsked()) Object.assign(process.env, await softwareVulkanEnv())

/** What repeats: many similar cases, of which `npm test` keeps one of each kind. `npm run test:full` runs these. */
const full = '**/*.full.test.ts'

const gpu = {
  testTimeout: 60_000,
  browser: {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    fileParallelism: false,
    provider: puppeteer(),
    instances: [{ browser: 'chrome' as const }],
  },
}

// The commands and the page as a user meets them, two files at a time: much of a file's time is one thread that compiles.
const e2e = {
  environment: 'node' as const,
  globalSetup: ['test/e2e/site.setup.ts'],
  maxWorkers: Math.min(2, availableParallelism()),
  testTimeout: 240_000,
  hookTimeout: 240_000,
}

export default defineConfig({
  base: './',
  plugins: plugins(),
  optimizeDeps,
  assetsInclude: ['test/goldens/*.safetensors'],
  build: { target: 'es2023', chunkSizeWarningLimit: 1500, rolldownOptions: { input: ['index.html', 'bench/index.html'] } },
  test: {
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text', 'json-summary'] },
    projects: [
      // The same GPU tests on dawn.node, without a browser (npm run test:dawn)
      ...(dawn
        ? [
            {
              extends: true as const,
              test: {
                name: 'dawn',
                testTimeout: 60_000,
                environment: 'node',
                include: ['test/gpu/**/*.test.ts'],
                exclude: ['test/gpu/view*.test.ts', 'test/gpu/canvas.test.ts'], // these draw on a canvas
                setupFiles: ['./test/dawn.setup.ts'],
                pool: 'forks' as const,
              },
            },
          ]
        : []),
      { extends: true, test: { name: 'unit', environment: 'node', include: ['test/unit/**/*.test.ts'] } },
      { extends: true, test: { ...gpu, name: 'gpu', include: ['test/gpu/**/*.test.ts'], exclude: [full] } },
      { extends: true, test: { ...gpu, name: 'gpu-full', include: ['test/gpu/**/*.full.test.ts'] } },
      { extends: true, test: { ...e2e, name: 'e2e', include: ['test/e2e/**/*.test.ts'], exclude: [full] } },
      { extends: true, test: { ...e2e, name: 'e2e-full', include: ['test/e2e/**/*.full.test.ts'] } },
    ],
  },
})
