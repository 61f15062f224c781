import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { softwareVulkanEnv } from './tools/browser.mjs'
import { optimizeDeps, plugins, root } from './tools/vite.mjs'
import { preloadPlugin } from './tools/preload-plugin.mjs'
import { puppeteer } from './tools/vitest-puppeteer.mjs'

// Tests run in software, so that their results do not depend on the machine; every process of theirs inherits this.
if (process.env['VITEST']) process.env['GRADSCOPE_GPU'] ||= 'software'

// Before Vitest forks: the children need LD_LIBRARY_PATH from their start.
const dawn = Boolean(process.env['GRADSCOPE_DAWN'])
if (dawn && process.env['GRADSCOPE_GPU'] !== 'hardware') Object.assign(process.env, await softwareVulkanEnv())

/** The tests of a folder that have another of a kind for `npm run test:full` (test/kinds.ts). */
const withOthers = (folder: string): string[] => {
  // A build has no tests, and may have no folder of them.
  if (!process.env['VITEST']) return []
  return readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith('.test.ts') && /\banother(\.each|\.for)?\(/.test(readFileSync(join(root, path), 'utf8')))
}

/** For test/kinds.ts. */
const env = { GRADSCOPE_FULL: '1' }

/** What repeats: many similar cases, of which `npm test` keeps one of each kind. `npm run test:full` runs these. */
const full = '**/*.full.test.ts'

const gpu = {
  testTimeout: 180_000,
  // One page for all files, which loads the modules once: what a test changes in them, it takes back.
  isolate: false,
  browser: {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    fileParallelism: false,
    provider: puppeteer({ args: ['--js-flags=--expose-gc'] }),
    instances: [{ browser: 'chrome' as const }],
  },
}

/** Of the GPU's tests those that need a page of their own: for modules that are loaded anew, or a document without other canvases. */
const alone = ['test/gpu/added-activation.test.ts', 'test/gpu/view-first.test.ts']

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
  plugins: [...plugins(), preloadPlugin()],
  optimizeDeps,
  assetsInclude: ['test/goldens/*.safetensors'],
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: ['index.html', 'bench/index.html'],
      output: {
        codeSplitting: {
          groups: [
            { name: 'three', test: /node_modules[\\/]three[\\/]/ },
            { name: 'engine', test: /[\\/](shaders|src[\\/](gpu|kernels|graph|inspect|model|train))[\\/]/ },
          ],
          // A group takes what it needs along only where nothing else does: the page's first script must need none of them.
          includeDependenciesRecursively: false,
        },
      },
    },
  },
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
      // A busy machine takes many times as long as an idle one: the limit is there for tests that hang.
      { extends: true, test: { name: 'unit', environment: 'node', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 } },
      { extends: true, test: { ...gpu, name: 'gpu', include: ['test/gpu/**/*.test.ts'], exclude: [full, ...alone] } },
      { extends: true, test: { ...gpu, name: 'gpu-alone', include: alone, isolate: true } },
      {
        extends: true,
        test: { ...gpu, name: 'gpu-full', isolate: true, include: ['test/gpu/**/*.full.test.ts', ...withOthers('test/gpu')], env },
      },
      { extends: true, test: { ...e2e, name: 'e2e', include: ['test/e2e/**/*.test.ts'], exclude: [full] } },
      {
        extends: true,
        test: { ...e2e, name: 'e2e-full', include: ['test/e2e/**/*.full.test.ts', ...withOthers('test/e2e')], env },
      },
    ],
  },
})
