import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../src/index.ts'
import { base as options, deep, noise } from './run-state-cases.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const wrong = (given: object) => given as never

test('a key that a call has not is refused by name, and what was there goes on', async () => {
  await expect(engine.trainer(deep, noise, wrong({ ...options, batchsize: 4 }))).rejects.toThrow(
    'trainer: unknown key "batchsize", expected one of loss, optimizer, ',
  )
  const trainer = await engine.trainer(deep, noise, options)
  const all = async (given: object) => {
    for await (const _ of trainer.run(wrong(given)));
  }
  await all({ steps: 3 })
  await expect(all({ steps: 3, evaluateevery: 2 })).rejects.toThrow('run: unknown key "evaluateevery", expected one of epochs, steps, ')
  await expect(all({ steps: 3, earlyStopping: { patience: 2, restorebest: true } })).rejects.toThrow(
    'earlyStopping: unknown key "restorebest", expected one of patience, minimumImprovement, restoreBest',
  )
  await expect(trainer.load({}, wrong({ moment: 'clear' }))).rejects.toThrow('load: unknown key "moment", expected one of moments')
  expect(trainer.step).toBe(3)
  await all({ steps: 2 })
  expect(trainer.step).toBe(5)
  trainer.destroy()
  await expect(engine.sweep(deep, noise, [{}], wrong({ ...options, step: 3 }))).rejects.toThrow('sweep: unknown key "step"')
})

test('a model file can be spread into the options', async () => {
  const first = await engine.trainer(deep, noise, options)
  const again = await engine.trainer(deep, noise, { ...first.model, tuningTime: 1 })
  expect(again.model).toEqual(first.model)
  for (const trainer of [first, again]) trainer.destroy()
})
