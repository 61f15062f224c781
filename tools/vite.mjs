// @ts-check
// What every Vite of this project shares: the dev server, the build, the tests, the headless page, TypeScript in Node.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataPlugin } from './data-plugin.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @returns {import('vite').PluginOption[]} */
export const plugins = () => [dataPlugin()]

// Named beforehand: found one by one on the first start, three would be loaded twice.
export const optimizeDeps = {
  include: [
    'three/webgpu',
    'three/tsl',
    'three/addons/controls/OrbitControls.js',
    'lil-gui',
    'uplot',
    'papaparse',
    'preact',
    'preact/hooks',
    'preact/jsx-runtime',
    'preact/jsx-dev-runtime',
    '@preact/signals',
  ],
}

/** A Vite that reads no config file, so that the commands work from any folder. @returns {import('vite').InlineConfig} */
export const viteConfig = () => ({ configFile: false, root, plugins: plugins(), optimizeDeps, logLevel: 'error', clearScreen: false })
