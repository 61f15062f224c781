import { afterAll, beforeAll, expect } from 'vitest'
import { conv2d, type ConvPass } from '../../src/kernels/conv2d.ts'
import { convProblem } from '../../src/kernels/convProblem.ts'
import type { Epilogue } from '../../src/kernels/epilogue.ts'
import { Trial } from '../../src/kernels/trial.ts'
import { adapterKindOf } from '../../src/kernels/adapter.ts'
import { another, isFull, test } from '../kinds.ts'
import { ofEachKind, ofEachSharing, plain, testShapes } from './conv2d-shapes.ts'
import { expectClose, openBench, randomNumbers, runKernel, unwritten, type Bench } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

// The others: kernels-conv2d.full.test.ts.
if (!isFull) testShapes(ofEachKind, ofEachSharing)

// Every end of a product, on the sample by which the tuner checks it.
const shape = { ...plain, channels: 8, filters: 12 }
const ends: [string, ConvPass, Epilogue][] = [
  ['bias and activation', 'forward', { bias: true, activation: 'tanh' }],
  ['bias, normalisation and activation', 'forward', { bias: true, normalize: 1e-5, activation: 'relu' }],
  ['normalisation', 'forward', { normalize: 1e-3 }],
  ['derivative', 'input', { derivative: 'elu', parameter: 0.7 }],
  ['derivative, with what stood before it', 'input', { derivative: 'tanh', keep: true }],
  ['derivative, with a part of what stood before it', 'input', { derivative: 'tanh', keep: true, keptRows: 42 }],
]
// One with everything of each pass; each by itself besides.
const whole = ([name]: (typeof ends)[number]) =>
  ['bias, normalisation and activation', 'derivative, with a part of what stood before it'].includes(name)
test.each(ends.filter(whole))('%s', checkEnd)
another.each(ends.filter((end) => !whole(end)))('%s', checkEnd)

async function checkEnd(_: string, pass: ConvPass, epilogue: Epilogue): Promise<void> {
  for (const one of [shape, { ...shape, filters: 10, groups: 2 }]) {
    const problem = convProblem(one, pass, epilogue)
    const trial = new Trial(bench.gpu, bench.pipelines, problem)
    for (const candidate of [problem.plain, ...problem.candidates(adapterKindOf(bench.gpu, []))])
      expect(await trial.run(candidate, false), `${problem.name} ${candidate.name}`).toEqual({ milliseconds: null })
    trial.release()
  }
}

test('more tiles than a dimension has workgroups', async () => {
  const large = { ...plain, batch: 1, channels: 1, height: 1030, width: 1030, filters: 1, kernel: 1, padding: 0 }
  const kernel = conv2d(large, 'forward')
  expect(kernel.workgroups[2]).toBe(2)
  const x = randomNumbers(1030 * 1030)
  const [y] = await runKernel(bench, kernel, [x, Float32Array.of(2), unwritten(x.length)])
  expect(y!.every((value, i) => value === 2 * x[i]!)).toBe(true)
})

test('what stood before the end is stored for the first rows alone', async () => {
  const [dy, weight, saved] = [randomNumbers(2 * 42 * 12), randomNumbers(12 * 9 * 8, 1, 0, 2), randomNumbers(2 * 42 * 8, 1, 0, 3)]
  const [plainDx] = await runKernel(bench, conv2d(shape, 'input'), [dy, weight, unwritten(2 * 42 * 8)])
  const kernel = conv2d(shape, 'input', { derivative: 'tanh', keep: true, keptRows: 42 })
  const [dx, kept] = await runKernel(bench, kernel, [dy, weight, unwritten(2 * 42 * 8), unwritten(42 * 8), saved])
  expect(kept).toEqual(plainDx!.slice(0, 42 * 8))
  expectClose(
    dx!,
    plainDx!.map((value, i) => value * (1 - saved[i]! ** 2)),
    1e-6,
    1,
  )
})
