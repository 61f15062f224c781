// @ts-check
// Which adapter a command runs on: the machine's GPU where there is one, else one in software.
import { CallError } from './cli/options.mjs'

/** @typedef {'hardware' | 'software'} GpuKind */
/** @typedef {{ kind: GpuKind, name: string }} Adapter */
/** What a call asks for, and the words that asked; without a kind, the GPU where there is one. @typedef {{ kind?: GpuKind, words?: string }} Asked */
/** What of `GPUAdapterInfo` a process or a page hands on. @typedef {{ vendor?: string, architecture?: string, device?: string, description?: string, isFallbackAdapter?: boolean }} AdapterInfo */
/** What was found where the machine's GPU was looked for: an adapter, or why there is none. @typedef {{ adapter: Adapter } | { adapter?: undefined, problem: string }} Found */

const kinds = /** @type {const} */ (['hardware', 'software'])

/** @type {import('./cli/options.mjs').Option} */
export const gpuOption = {
  value: kinds.join('|'),
  choices: [...kinds],
  help: "the machine's GPU, or an adapter in software (default: the GPU where there is one; also GRADSCOPE_GPU)",
}

/** The option's value, else that of GRADSCOPE_GPU. @param {string} [option] @returns {Asked} */
export function askedGpu(option) {
  if (option !== undefined) return { kind: /** @type {GpuKind} */ (option), words: `--gpu ${option}` }
  const set = process.env['GRADSCOPE_GPU']
  if (!set) return {}
  const kind = kinds.find((known) => known === set)
  if (!kind) throw new CallError(`GRADSCOPE_GPU is '${set}', expected ${kinds.join(' or ')}.`)
  return { kind, words: `GRADSCOPE_GPU=${set}` }
}

/** Vulkan drivers that compute on the processor (Mesa's, Chromium's) and Windows' own; browsers may not say that theirs is a fallback. */
const inSoftware = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i

/** @param {AdapterInfo} info @returns {Adapter} */
export function adapterOf({ vendor, architecture, device, description, isFallbackAdapter }) {
  const all = [vendor, architecture, device, description].filter(Boolean).join(' ')
  const software = isFallbackAdapter === true || inSoftware.test(all)
  const name = /swiftshader/i.test(all)
    ? 'SwiftShader'
    : /llvmpipe|lavapipe/i.test(all)
      ? 'llvmpipe'
      : device || [vendor, architecture].filter(Boolean).join(' ') || description || 'an unnamed adapter'
  return { kind: software ? 'software' : 'hardware', name }
}

/**
 * Decides where a call runs. Throws a CallError where it asks for a GPU and there is none.
 * @param {Asked} asked @param {() => Promise<Found>} look looks for the machine's GPU; not called where nobody wants it
 * @returns {Promise<GpuKind>}
 */
export async function chooseGpu(asked, look) {
  if (asked.kind === 'software') return 'software'
  const found = await look()
  if (found.adapter?.kind === 'hardware') return 'hardware'
  if (asked.kind === 'hardware') {
    const what = found.adapter ? `${found.adapter.name}, which computes in software` : found.problem
    throw new CallError(`${asked.words}: found ${what}, expected a GPU that WebGPU can use (on Linux with the Vulkan driver of its maker).`)
  }
  return 'software'
}

/**
 * The line that says where a command runs.
 * @param {string} work as in `training` @param {Asked} asked @param {Adapter} adapter @param {string} runtime
 */
export function adapterLine(work, asked, { kind, name }, runtime) {
  const capital = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1)
  if (kind === 'hardware') return `${capital(work)} on ${name} (${runtime})`
  return asked.kind === undefined ? `No GPU found: ${work} on ${name}, in software.` : `${capital(work)} on ${name}, in software.`
}
