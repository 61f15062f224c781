import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dropoutKernel } from '../../src/kernels/dropout.ts'
import { gatherSamples } from '../../src/kernels/gather.ts'
import { initializeKernel, seedWords } from '../../src/kernels/initialize.ts'
import { dropout } from '../../src/kernels/reference/dropout.ts'
import { gather, sampleAt } from '../../src/kernels/reference/gather.ts'
import { orderKeys } from '../../src/kernels/permutation.ts'
import { initialize } from '../../src/kernels/reference/initialize.ts'
import type { InitialValues } from '../../src/model/initial-values.ts'
import { expectClose, openBench, randomNumbers, runKernel, runKernels, unwritten, type Bench, type Numbers } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

const seed = 3 * 2 ** 32 + 123_456_789
const [seedLow, seedHigh] = seedWords(seed)

describe('initialize', () => {
  const recipes: InitialValues[] = [
    { kind: 'uniform', minimum: 0, maximum: 1 },
    { kind: 'uniform', minimum: -0.3, maximum: 0.2 },
    { kind: 'normal', deviation: 0.5 },
    { kind: 'constant', value: -1.25 },
  ]
  test.each(recipes)('%o', async (recipe) => {
    for (const count of [1, 257, 20_000]) {
      const [values] = await runKernel(bench, initializeKernel(recipe, count, 3, seed), [unwritten(count)])
      // Near a zero of the cosine an angle's rounding counts absolutely
      expectClose(values!, initialize(recipe, count, seed, 3), 1e-6, 0.5)
    }
  })

  test('uniform in [0, 1) has the reference’s very bits', async () => {
    const recipe = { kind: 'uniform', minimum: 0, maximum: 1 } as const
    const [values] = await runKernel(bench, initializeKernel(recipe, 1000, 0, seed), [unwritten(1000)])
    expect(values).toEqual(Float32Array.from(initialize(recipe, 1000, seed, 0)))
  })
})

describe('dropout', () => {
  const step = { step: 12, seedLow, seedHigh }
  test.each([
    [1, 0.5],
    [1000, 0.2],
    [1000, 0],
  ])('%i elements at rate %d', async (count, rate) => {
    const x = randomNumbers(count)
    const [y] = await runKernel(bench, dropoutKernel(count, rate, 2), [x, unwritten(count)], { ...step, training: 1 })
    expectClose(y!, dropout(x, rate, seed, 12, 2), 2e-7)
    const [same] = await runKernel(bench, dropoutKernel(count, rate, 2), [x, unwritten(count)], { ...step, training: 0 })
    expect(same).toEqual(x)
  })
})

describe('gather', () => {
  const [order0, order1, order2, order3] = orderKeys(seed, 5)
  const shuffled = { shuffle: 1, order0, order1, order2, order3 }
  const shuffle = { seed, epoch: 5 }

  test.each([
    ['u8', 5, 1],
    ['u8', 784, 784],
    ['u8', 67, 0],
    ['f32', 3, 3],
    ['f32', 129, 0],
    ['u8', 784, 1],
    ['u8', 12, 0],
    ['f32', 8, 8],
    ['f32', 260, 1],
  ] as const)('%s samples of %i features, scaling of width %i, shuffled', async (source, features, scalingWidth) => {
    const [samples, batch, count, first] = [37, 9, 7, 30]
    const numbers = randomNumbers(samples * features, 1, 1)
    const data: Numbers = source === 'u8' ? Uint8Array.from(numbers, (value) => value * 127.9) : numbers
    const mean = randomNumbers(scalingWidth, 0.5)
    const deviation = randomNumbers(scalingWidth, 0.4, 1)
    const scaling = Float32Array.from([...mean, ...deviation.map((value) => 1 / value)])
    const given = scalingWidth > 0 ? [scaling] : []
    const call = (shardFirst: number, shardCount: number, x: Numbers) => ({
      kernel: gatherSamples({ batch, features, source, samples, shardFirst, shardCount, scalingWidth, targets: 0 }),
      buffers: [data.slice(shardFirst * features, (shardFirst + shardCount) * features), ...given, x] as Numbers[],
    })
    const step = { batchStart: first, batchCount: count, sampleCount: samples, ...shuffled }
    const settings = { samples, width: features, first, rows: count, shuffle, ...(scalingWidth ? { mean, deviation } : {}) }
    const expected = [...gather(data as Uint8Array, settings), ...new Float64Array((batch - count) * features)]
    const x = unwritten(batch * features)
    expectClose((await runKernels(bench, [call(0, samples, x)], step))[0]!, expected, 1e-6, 0.5)
    // Two shards fill one batch, the second at a byte offset that no word starts at
    expectClose((await runKernels(bench, [call(0, 15, x), call(15, 22, x)], step))[0]!, expected, 1e-6, 0.5)
  })

  test('in order positions wrap at the end', async () => {
    const data = Float32Array.from({ length: 10 }, (_, i) => i)
    const kernel = gatherSamples({
      batch: 8,
      features: 2,
      source: 'f32',
      samples: 5,
      shardFirst: 0,
      shardCount: 5,
      scalingWidth: 0,
      targets: 0,
    })
    const [x] = await runKernel(bench, kernel, [data, unwritten(16)], { batchStart: 3, batchCount: 8, sampleCount: 5 })
    expect(x!.filter((_, i) => i % 2 === 0)).toEqual(new Float32Array([6, 8, 0, 2, 4, 6, 8, 0]))
  })

  // One feature a sample, the samples in two shards where there are several.
  const withTargets = (batch: number, samples: number, targets: number, y: Numbers, given: Numbers) => {
    const x = new Float32Array(samples)
    const half = Math.ceil(samples / 2)
    const call = (shardFirst: number, shardCount: number, first: boolean) => ({
      kernel: gatherSamples({
        batch,
        features: 1,
        source: 'f32',
        samples,
        shardFirst,
        shardCount,
        scalingWidth: 0,
        targets: first ? targets : 0,
      }),
      buffers: [x.slice(shardFirst, shardFirst + shardCount), unwritten(batch), ...(first ? [given, y] : [])],
    })
    return half < samples ? [call(half, samples - half, false), call(0, half, true)] : [call(0, samples, true)]
  }
  const gathered = async (batch: number, samples: number, targets: number, given: Numbers, step: Parameters<typeof runKernels>[2]) => {
    const y = given instanceof Int32Array ? new Int32Array(batch * targets).fill(-1) : unwritten(batch * targets)
    return (await runKernels(bench, withTargets(batch, samples, targets, y, given), step))[1]!
  }

  test('targets follow their samples: classes and numbers, whichever shard those lie in', async () => {
    const [samples, batch, batchCount, batchStart] = [1000, 20, 17, 983]
    const order = Array.from({ length: batchCount }, (_, row) => sampleAt(batchStart + row, { samples, shuffle }))
    const step = { batchStart, batchCount, sampleCount: samples, ...shuffled }
    const y = await gathered(
      batch,
      samples,
      1,
      Int32Array.from({ length: samples }, (_, i) => i),
      step,
    )
    expect(Array.from(y)).toEqual([...order, 0, 0, 0])
    const numbers = Float32Array.from({ length: samples * 3 }, (_, i) => i / 2)
    const targets = await gathered(batch, samples, 3, numbers, step)
    expect(Array.from(targets)).toEqual([...order.flatMap((i) => [1.5 * i, 1.5 * i + 0.5, 1.5 * i + 1]), ...new Float32Array(9)])
  })

  test.each([1, 2, 5, 64, 65, 4097])('an epoch of %i samples takes each once', async (samples) => {
    const classes = Int32Array.from({ length: samples }, (_, i) => i)
    const step = { batchCount: samples, sampleCount: samples, ...shuffled }
    const y = await gathered(samples, samples, 1, classes, step)
    expect(Array.from(y).sort((a, b) => a - b)).toEqual(Array.from(classes))
    expect(Array.from(y)).toEqual(Array.from(classes, (position) => sampleAt(position, { samples, shuffle })))
  })

  test.each([
    [60, 20],
    [50, 20],
    [7, 1],
  ])('%i samples in blocks of %i come as the reference has them', async (samples, block) => {
    const classes = Int32Array.from({ length: samples }, (_, i) => i)
    const step = { batchCount: samples, sampleCount: samples, ...shuffled, orderBlock: block }
    const y = await gathered(samples, samples, 1, classes, step)
    expect(Array.from(y)).toEqual(Array.from(classes, (position) => sampleAt(position, { samples, shuffle: { ...shuffle, block } })))
    // In order where nothing is shuffled.
    expect(Array.from(await gathered(samples, samples, 1, classes, { ...step, shuffle: 0 }))).toEqual(Array.from(classes))
  })
})
