// @ts-check
// What every Vite of this project shares: the dev server, the build, the tests, the headless page, TypeScript in Node.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dataPlugin = existsSync(join(root, 'tools/data-plugin.mjs')) ? (await import('./data-plugin.mjs')).dataPlugin : () => []

/** @returns {import('vite').PluginOption[]} */
export const plugins = () => [dataPlugin()]

/** A Vite that reads no config file, so that the commands work from any folder. @returns {import('vite').InlineConfig} */
export const viteConfig = () => ({ configFile: false, root, plugins: plugins(), logLevel: 'error', clearScreen: false })
