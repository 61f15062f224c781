import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  adam,
  createEngine,
  dense,
  InputError,
  sequential,
  sgd,
  tanh,
  type Engine,
  type TrainerOptions,
  type Variation,
} from '../../src/index.ts'
import { count, expectClose, network, noise, ofEachKind, options, samples, testSame, trained } from './small-network-runs.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

testSame(ofEachKind)

test('a network that is too large for a workgroup is refused where that was asked for, and trains otherwise', async () => {
  const wide = sequential([3], [dense(40), tanh(), dense(3)])
  await expect(engine.trainer(wide, samples('mse'), { ...options, plan: 'small' })).rejects.toThrow(
    'plan: this network does not train in one workgroup: it has 283 parameters, and a workgroup takes 128',
  )
  const { loss } = await trained(engine, 'ordinary', {}, wide, 5)
  expect(loss).toHaveLength(5)
})

describe('sweep', () => {
  const variations = [{ seed: 1 }, { seed: 2, learningRate: 0.02 }, { optimizer: adam({ learningRate: 0.01 }) }, {}, { seed: 9 }]

  test('every network’s losses are those of training it alone', async () => {
    const results = await engine.sweep(network, samples('crossEntropy'), variations, { ...options, loss: 'crossEntropy', steps: 30 })
    expect(results.map(({ variation }) => variation)).toEqual(variations)
    for (const { variation, loss } of results) {
      const { learningRate, ...other } = { learningRate: 0.1, ...variation }
      const optimizer = 'optimizer' in other ? other.optimizer : sgd({ learningRate })
      const alone = await trained(engine, 'small', { loss: 'crossEntropy', ...other, optimizer } as Partial<TrainerOptions>, network, 30)
      expectClose(loss, alone.loss, JSON.stringify(variation))
    }
    expect(new Set(results.map(({ loss }) => loss[5])).size).toBe(5)
  })

  test('of many networks every loss comes back, also in more steps than one readback holds', async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ learningRate: 0.001 * (i + 1) }))
    const heard: number[] = []
    const results = await engine.sweep(
      sequential([3], [dense(1)]),
      { ...samples('mse'), outputs: 1, train: { count, x: noise(count * 3, 1), y: noise(count, 9) } },
      many,
      {
        ...options,
        batchSize: 4,
        steps: 900,
        onProgress: (done) => heard.push(done),
      },
    )
    expect(results).toHaveLength(300)
    for (const { loss } of results) expect(loss.every((value) => value > 0)).toBe(true)
    expect(heard.at(-1)).toBe(1)
  })

  test('bad calls are refused by name', async () => {
    const calls: [Promise<unknown>, string][] = [
      [
        engine.sweep(sequential([3], [dense(40), dense(3)]), samples('mse'), [{}], { ...options, steps: 1 }),
        'sweep: this network does not train in one workgroup: it has 283',
      ],
      [engine.sweep(network, samples('mse'), [{}], { ...options }), 'neither steps nor epochs is given'],
      [engine.sweep(network, samples('mse'), [], { ...options, steps: 3 }), 'sweep: no variation'],
      [engine.sweep(network, samples('mse'), [{}, { learningRate: -1 }], { ...options, steps: 3 }), 'variations[1]'],
      [engine.sweep(network, samples('mse'), [{ lr: 1 } as Variation], { ...options, steps: 3 }), 'variations[0]: lr does not vary'],
      [engine.sweep(network, samples('mse'), [{}], { ...options, steps: 2.5 }), 'steps is 2.5, expected a positive integer'],
      [engine.sweep(network, samples('mse'), [{}], { ...options, steps: 1e12 }), 'more losses than'],
    ]
    for (const [call, sentence] of calls) {
      const error = await call.then(
        () => undefined,
        (caught: unknown) => caught,
      )
      expect(error).toBeInstanceOf(InputError)
      expect((error as Error).message).toContain(sentence)
    }
  })
})
