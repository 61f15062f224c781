import { parametersOf } from '../../src/model/shapes.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDevice, type Gpu } from '../../src/gpu/device.ts'
import type { Kernel } from '../../src/gpu/kernel.ts'
import { Pipelines } from '../../src/gpu/pipelines.ts'
import { Program } from '../../src/gpu/program.ts'
import { StepRing } from '../../src/gpu/step-ring.ts'
import { smallGraph } from '../../src/graph/small-network.ts'
import { State } from '../../src/graph/state.ts'
import { dense, sequential, sgd, tanh } from '../../src/index.ts'
import { inTurn } from '../../src/kernels/turn.ts'
import { smallNetworkKernel, type SmallVariant } from '../../src/kernels/smallNetwork.ts'
import { modelFormat, type ModelFile } from '../../src/model/types.ts'
import { scratch, whole } from '../../src/train/buffers.ts'
import { Feed } from '../../src/train/feed.ts'
import { arenaOf } from '../../src/train/small-plan.ts'
import { fastestVariant, type SmallBuffers, type SmallTuning } from '../../src/train/small-tuning.ts'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openDevice()
})
afterAll(() => gpu.destroy())

const lanes = (count: number): SmallVariant => ({ lanes: count, subgroups: false })

/** Chooses among variants whose kernels `change` has altered. */
async function chosen(
  variants: SmallVariant[],
  change: (kernel: Kernel, variant: SmallVariant) => Kernel,
  { learningRate = 0.1, ...tuning }: SmallTuning & { learningRate?: number } = {},
) {
  const pipelines = Pipelines.of(gpu.device)
  const x = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i))
  const dataset = { name: 'x', inputShape: [2], outputs: 1, train: { count: 30, x, y: x.slice(0, 30) } }
  const network = sequential([2], [dense(4), tanh(), dense(1)])
  const model: ModelFile = {
    format: modelFormat,
    input: [2],
    layers: network.layers,
    loss: 'mse',
    optimizer: sgd({ learningRate }),
    batchSize: 16,
    seed: 1,
  }
  const state = new State(gpu.device, parametersOf(model), 0)
  const train = new Feed(gpu, dataset, dataset.train, 'training')
  const ring = new StepRing(gpu.device, pipelines, 256)
  const arena = arenaOf(state)
  const graph = smallGraph(model, train.whole!.data, arena, true)
  if (typeof graph === 'string') throw new Error(graph)
  const observed = scratch(gpu, 'observed', graph.observedFloats * 4)
  const { samples, targets } = train.whole!
  const build = (variant: SmallVariant, own: SmallBuffers) =>
    Program.build(gpu, pipelines, 'trial', [
      {
        kernel: change(smallNetworkKernel(graph.small, variant), variant),
        slices: [ring.slice, samples, targets, own.state, own.gradients, whole(observed), own.results],
      },
    ])
  return fastestVariant({ gpu, ring, state, model, train, shuffle: true }, variants, build, tuning)
}

test('of two right variants the faster one is taken', async () => {
  const slow = (kernel: Kernel, { lanes: count }: SmallVariant): Kernel =>
    count === 4
      ? {
          ...kernel,
          defines: {
            ...kernel.defines,
            CLEAR: '',
            SAMPLE: `for (var again = 0u; again < 4000u; again++) { squares[lane] = sin(squares[lane]); }\n${kernel.defines!['SAMPLE']}`,
          },
        }
      : kernel
  expect(await chosen([lanes(4), lanes(8)], slow)).toEqual(lanes(8))
  expect(await chosen([lanes(8), lanes(4)], slow)).toEqual(lanes(8))
})

test('one that is wrong or does not compile is never taken, and where none is left none is', async () => {
  const text = (kernel: Kernel, name: string, value: string): Kernel => ({ ...kernel, defines: { ...kernel.defines, [name]: value } })
  const wrong = (kernel: Kernel, { lanes: count }: SmallVariant) =>
    count === 4 ? text(kernel, 'KEEP', `${kernel.defines!['KEEP']}\npartials[firstPartial] *= 1.01;`) : kernel
  expect(await chosen([lanes(4), lanes(8)], wrong)).toEqual(lanes(8))
  const broken = (kernel: Kernel, { lanes: count }: SmallVariant) =>
    count === 4 ? text(kernel, 'KEEP', 'this is no WGSL') : wrong(kernel, lanes(4))
  expect(await chosen([lanes(4), lanes(8)], (kernel, variant) => (variant.lanes === 1 ? kernel : broken(kernel, variant)))).toBeUndefined()
})

test('a learning rate at which training leaves the range of numbers makes no variant wrong', async () => {
  const asIs = (kernel: Kernel) => kernel
  for (const learningRate of [1e3, 1e20]) expect([4, 8]).toContain((await chosen([lanes(4), lanes(8)], asIs, { learningRate }))?.lanes)
})

test('a given variant is taken where it is right, whatever is faster or known; else one is searched for', async () => {
  const built: string[] = []
  const watched = (kernel: Kernel, { lanes: count }: SmallVariant) => {
    built.push(`${count}`)
    return kernel
  }
  // not among those on offer, as on an adapter of another kind
  expect(await chosen([lanes(4), lanes(8)], watched, { given: lanes(16), network: 'given' })).toEqual(lanes(16))
  expect(built).toEqual(['1', '16'])
  expect([4, 8]).toContain((await chosen([lanes(4), lanes(8)], watched, { network: 'given' }))?.lanes)
  const broken = (kernel: Kernel, { lanes: count }: SmallVariant) =>
    count === 16 ? { ...kernel, defines: { ...kernel.defines, KEEP: 'this is no WGSL' } } : kernel
  expect(await chosen([lanes(4)], broken, { given: lanes(16) })).toEqual(lanes(4))
})

test('a search waits for what else is timed on its device', async () => {
  const built: number[] = []
  const watched = (kernel: Kernel, { lanes: count }: SmallVariant) => {
    built.push(count)
    return kernel
  }
  let end = () => {}
  const other = inTurn(gpu.device, () => new Promise<void>((resolve) => (end = resolve)))
  const search = chosen([lanes(4), lanes(8)], watched)
  await gpu.device.queue.onSubmittedWorkDone()
  expect(built).toEqual([])
  end()
  await Promise.all([other, search])
  expect(built).toEqual([1, 4, 8])
})
