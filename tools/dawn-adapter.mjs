// @ts-check
// The adapter that dawn.node finds. As a program it prints it as JSON.
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { adapterOf } from './gpu-choice.mjs'

/** A driver that hangs must not hang the command. */
const mostMilliseconds = 30_000
const program = fileURLToPath(import.meta.url)

/** @param {GPU} gpu @returns {Promise<import('./gpu-choice.mjs').Found>} */
export async function adapterOn(gpu) {
  // The same request as the engine's (src/gpu/device.ts)
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return { problem: 'no adapter in dawn.node' }
  ;(await adapter.requestDevice()).destroy()
  return { adapter: adapterOf(adapter.info) }
}

/**
 * The same in a process of its own: a broken driver ends that one alone, and LD_LIBRARY_PATH counts from a process's start.
 * @param {Record<string, string>} env @returns {import('./gpu-choice.mjs').Found}
 */
export function lookWithDawn(env) {
  const { status, signal, stdout } = spawnSync(process.execPath, [program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'], // Dawn tells at length of every driver that is not there
    encoding: 'utf8',
    timeout: mostMilliseconds,
  })
  if (status === 0) return JSON.parse(stdout)
  return { problem: `a Vulkan driver that ends dawn.node (${signal ?? `status ${status}`})` }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { createDawn } = await import('./native.mjs')
  const found = await adapterOn(await createDawn()).catch((error) => ({ problem: `an adapter that gives no device (${error.message})` }))
  process.stdout.write(JSON.stringify(found), () => process.exit()) // dawn.node's thread would keep the process
}
