import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CallError } from '../../tools/cli/options.mjs'
import { adapterLine, adapterOf, askedGpu, chooseGpu, type Found } from '../../tools/gpu-choice.mjs'

const hardware: Found = { adapter: { kind: 'hardware', name: 'NVIDIA H200' } }
const software: Found = { adapter: { kind: 'software', name: 'llvmpipe' } }
const nothing: Found = { problem: 'no adapter in dawn.node' }

beforeEach(() => vi.stubEnv('GRADSCOPE_GPU', ''))
afterEach(() => vi.unstubAllEnvs())

describe('what a call asks for', () => {
  test('nothing, where neither the option nor the environment says', () => expect(askedGpu()).toEqual({}))

  test.each(['hardware', 'software'])('the environment’s word (%s), and the option before it', (set) => {
    vi.stubEnv('GRADSCOPE_GPU', set)
    expect(askedGpu()).toEqual({ kind: set, words: `GRADSCOPE_GPU=${set}` })
    for (const option of ['hardware', 'software']) expect(askedGpu(option)).toEqual({ kind: option, words: `--gpu ${option}` })
  })

  test('another word in the environment is refused as a wrong call', () => {
    vi.stubEnv('GRADSCOPE_GPU', 'cuda')
    expect(() => askedGpu()).toThrow(new CallError("GRADSCOPE_GPU is 'cuda', expected hardware or software."))
  })
})

describe('where a call runs', () => {
  test.each([
    ['a GPU', hardware, 'hardware'],
    ['a driver in software', software, 'software'],
    ['no adapter', nothing, 'software'],
  ] as const)('unasked, with %s', async (_what, found, chosen) => {
    expect(await chooseGpu({}, async () => found)).toBe(chosen)
  })

  test('in software when asked, without a look at the machine', async () => {
    const look = vi.fn<() => Promise<Found>>(async () => hardware)
    expect(await chooseGpu(askedGpu('software'), look)).toBe('software')
    expect(look).not.toHaveBeenCalled()
  })

  test('on the GPU when asked, and refused with what was found where there is none', async () => {
    const asked = askedGpu('hardware')
    expect(await chooseGpu(asked, async () => hardware)).toBe('hardware')
    await expect(chooseGpu(asked, async () => software)).rejects.toThrow(
      /^--gpu hardware: found llvmpipe, which computes in software, expected a GPU that WebGPU can use/,
    )
    await expect(chooseGpu(asked, async () => nothing)).rejects.toThrow(/^--gpu hardware: found no adapter in dawn.node, expected a GPU/)
    await expect(chooseGpu(asked, async () => nothing)).rejects.toBeInstanceOf(CallError)
    vi.stubEnv('GRADSCOPE_GPU', 'hardware')
    await expect(chooseGpu(askedGpu(), async () => nothing)).rejects.toThrow(/^GRADSCOPE_GPU=hardware: found/)
  })
})

test.each([
  [
    { vendor: 'nvidia', architecture: 'hopper', device: 'NVIDIA H200', description: 'NVIDIA: 570.1', isFallbackAdapter: false },
    'hardware',
    'NVIDIA H200',
  ],
  [{ vendor: 'nvidia', architecture: 'hopper', device: '', description: '' }, 'hardware', 'nvidia hopper'],
  [{ vendor: 'apple', architecture: 'metal-3' }, 'hardware', 'apple metal-3'],
  [{}, 'hardware', 'an unnamed adapter'],
  [{ vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true }, 'software', 'SwiftShader'],
  [{ vendor: 'google', architecture: 'swiftshader' }, 'software', 'SwiftShader'],
  [{ vendor: 'mesa', architecture: '', device: 'llvmpipe (LLVM 15.0.6, 256 bits)', isFallbackAdapter: true }, 'software', 'llvmpipe'],
  [{ description: 'lavapipe' }, 'software', 'llvmpipe'],
  [{ vendor: 'microsoft', device: 'Microsoft Basic Render Driver' }, 'software', 'Microsoft Basic Render Driver'],
  [{ vendor: 'someone', isFallbackAdapter: true }, 'software', 'someone'],
])('%o computes in %s and is called %s', (info, kind, name) => {
  expect(adapterOf(info)).toEqual({ kind, name })
})

test('the line says where a command runs, and that no GPU was found only where one was looked for', () => {
  const [gpu, none] = [adapterOf({ device: 'NVIDIA H200' }), adapterOf({ architecture: 'swiftshader' })]
  expect(adapterLine('training', {}, gpu, 'dawn')).toBe('Training on NVIDIA H200 (dawn)')
  expect(adapterLine('training', { kind: 'hardware' }, gpu, 'browser')).toBe('Training on NVIDIA H200 (browser)')
  expect(adapterLine('training', {}, none, 'browser')).toBe('No GPU found: training on SwiftShader, in software.')
  expect(adapterLine('verifying', { kind: 'software' }, none, 'dawn')).toBe('Verifying on SwiftShader, in software.')
})

test.each(['train', 'verify', 'bench', 'explore'])('%s takes --gpu', async (name) => {
  const { command } = (await import(`../../tools/cli/${name}.mjs`)) as { command: { options: Record<string, { choices?: string[] }> } }
  expect(command.options['gpu']?.choices).toEqual(['hardware', 'software'])
})
