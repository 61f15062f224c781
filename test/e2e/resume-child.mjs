// @ts-check
// node resume-child.mjs PRESET STATE STEPS: goes on with a run on dawn.node, in this process of its own; prints where it comes to, as JSON.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { nodeDataSource } from '../../tools/data-node.mjs'
import { createDawn } from '../../tools/native.mjs'
import { root, viteConfig } from '../../tools/vite.mjs'

const [preset = '', state = '', steps = ''] = process.argv.slice(2)
/** @type {{ module: typeof import('./resume.ts') }} */
const { module } = await runnerImport(join(root, 'test/e2e/resume.ts'), viteConfig())
const gpu = await createDawn()
console.log(JSON.stringify(await module.resume(gpu, preset, nodeDataSource, new Uint8Array(await readFile(state)), Number(steps))))
process.exit(0)
