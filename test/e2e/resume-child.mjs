// @ts-check
// node resume-child.mjs PRESET STATE STEPS: goes on with a run on dawn.node, in this process of its own; prints where it comes to, as JSON.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeDataSource } from '../../tools/data-node.mjs'
import { inNode } from '../../tools/in-node.mjs'
import { createDawn } from '../../tools/native.mjs'
import { root } from '../../tools/vite.mjs'

const [preset = '', state = '', steps = ''] = process.argv.slice(2)
const gpu = await createDawn()
const bytes = new Uint8Array(await readFile(state))
const outcome = await inNode(join(root, 'test/e2e/resume.ts'), (/** @type {typeof import('./resume.ts')} */ { resume }) =>
  resume(gpu, preset, nodeDataSource, bytes, Number(steps)),
)
console.log(JSON.stringify(outcome))
process.exit(0)
