import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rateTest, type RateTestPart } from '../../src/answers/rate/test.ts'
import { reached } from '../../src/answers/rate/summary.ts'
import { parseAxis, withValues } from '../../src/answers/sweep/axes.ts'
import { sweepMap, type SweepMapPart } from '../../src/answers/sweep/map.ts'
import { createEngine, dense, InputError, sequential, sgd, tanh, type Engine, type ModelFile } from '../../src/index.ts'
import { modelFormat, type Network } from '../../src/model/types.ts'
import { expectClose, network, options, samples } from './small-network-runs.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const wide = sequential([3], [dense(40), tanh(), dense(3)])
const data = samples('mse')
/** With a schedule and a warm-up, which a test at constant rates leaves out. */
const modelOf = ({ input, layers }: Network): ModelFile => ({
  format: modelFormat,
  input,
  layers,
  ...options,
  schedule: { type: 'cosine', steps: 40 },
  warmup: 5,
})

/** The losses of one network that an ordinary trainer trains alone. */
async function alone(model: ModelFile, steps: number): Promise<number[]> {
  const { format: _format, input, layers, schedule: _schedule, warmup: _warmup, ...training } = model
  const trainer = await engine.trainer({ input, layers }, data, training)
  for await (const _ of trainer.run({ steps }));
  const { loss } = trainer.history
  trainer.destroy()
  return loss as number[]
}

describe.each([
  ['atOnce', network],
  ['oneByOne', wide],
] as const)('a learning-rate test, its networks %s', (way, of) => {
  const model = modelOf(of)
  const call = { rates: 3, seeds: 2, steps: 12, least: 0.01, greatest: 0.25 }

  test('reaches in each network what training it alone at that rate and seed reaches', async () => {
    const parts: RateTestPart[] = []
    const heard: number[] = []
    const result = await rateTest(engine, model, data, {
      ...call,
      onPartial: (part) => parts.push(part),
      onProgress: (done) => heard.push(done),
    })
    expect(result).toMatchObject({ way, rates: [0.01, 0.05, 0.25], seeds: [3, 4], steps: 12, coarse: null })
    for (const [i, learningRate] of result.rates.entries())
      for (const [k, seed] of result.seeds.entries()) {
        const own = await alone({ ...model, optimizer: sgd({ learningRate }), seed }, 12)
        expectClose([result.loss[i]![k] ?? NaN], [reached(own) ?? NaN], `${learningRate} ${seed}`)
      }
    expect(new Set(result.loss.flat()).size).toBe(6)
    expect(heard.at(-1)).toBe(1)
    expect(parts[0]!.bands.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0)
    expect(parts.at(-1)!.loss).toEqual(result.loss)
    expect(parts.at(-1)!.bands).toEqual(result.bands)
  })

  test('gives the same answer to the same call', async () => {
    const [first, second] = [await rateTest(engine, model, data, call), await rateTest(engine, model, data, call)]
    expect(second).toEqual(first)
  })

  test('ends when it is told to', async () => {
    const controller = new AbortController()
    const test = rateTest(engine, model, data, { ...call, steps: 2000, signal: controller.signal, onProgress: () => controller.abort() })
    await expect(test).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('tells what diverges', async () => {
    const { bands, loss } = await rateTest(engine, model, data, { ...call, rates: 2, least: 0.1, greatest: 1e4 })
    expect(loss[1]).toEqual([null, null])
    expect(bands[1]).toMatchObject({ diverged: 1, median: null })
    expect(bands[0]!.diverged).toBe(0)
  })
})

test('of a network that is too large a first look at the whole range comes before rates around the best', async () => {
  const { coarse, rates, seeds, extent, loss } = await rateTest(engine, modelOf(wide), data, { budget: 1e-3, steps: 4, longest: Infinity })
  expect(coarse!.rates).toHaveLength(9)
  expect([rates.length, seeds.length]).toEqual([6, 2])
  expect(loss.map((row) => row.length)).toEqual(rates.map(() => 2))
  expect(rates.at(0)).toBeGreaterThan(coarse!.rates[0]!)
  expect(extent).toMatchObject({ code: 'rate.extent.budget', values: { rates: 6, seeds: 2, steps: 4 } })
})

test('bad calls are refused by name', async () => {
  for (const [bad, sentence] of [
    [{ least: 2, greatest: 1 }, 'rateTest: least is 2, expected less than the greatest rate, 1'],
    [{ seeds: 0 }, 'rateTest: seeds is 0, expected a positive integer'],
    [{ steps: 1.5 }, 'rateTest: steps is 1.5, expected a positive integer'],
    [{ rates: 1 }, 'rateTest: rates is 1'],
  ] as const) {
    const error = await rateTest(engine, modelOf(network), data, bad).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(InputError)
    expect((error as Error).message).toContain(sentence)
  }
})

describe('a sweep map', () => {
  test.each([
    ['atOnce', network, 'batchSize=4:16:2', 'width=2:4:2'],
    ['oneByOne', wide, 'momentum=0:0.9:2', 'learningRate=0.01:0.1:2'],
  ] as const)('%s: each network is what training it alone gives', async (way, of, one, other) => {
    const model = modelOf(of)
    const axes = [parseAxis(one), parseAxis(other)]
    const parts: SweepMapPart[] = []
    const map = await sweepMap(engine, model, data, axes, { steps: 12, onPartial: (part) => parts.push(part) })
    expect(map).toMatchObject({ way, axes, steps: 12 })
    for (const [i, first] of axes[0]!.values.entries())
      for (const [k, second] of axes[1]!.values.entries()) {
        const own = await alone(withValues(model, axes, [first, second]), 12)
        expectClose(map.curves[i]![k]!, own, `${first} ${second}`)
        expectClose([map.loss[i]![k]!], [reached(own)!], `${first} ${second}`)
      }
    expect(new Set(map.loss.flat()).size).toBe(4)
    expect(parts.at(-1)!.loss).toEqual(map.loss)
    expect(parts[0]!.loss.flat().some((loss) => loss === undefined)).toBe(true)
  })
})
