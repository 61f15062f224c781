import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts'
import { adam, createEngine, dense, InputError, sequential, sgd, type Dataset, type Engine, type Network } from '../../src/index.ts'
import { bitsOf, run } from './run-fixture.ts'
import { base, deep, noise, ofEachKind, testResumed, wave } from './run-state-cases.ts'

let engine: Engine
const problems: string[] = []
beforeAll(async () => {
  engine = await createEngine()
  engine.onError(({ message }) => problems.push(message))
})
afterAll(() => engine.destroy())

testResumed(ofEachKind)

test('saving and copying while it trains is of whole steps, and changes nothing', async () => {
  const options = { ...base, accumulate: 3 }
  const straight = await engine.trainer(deep, noise, options)
  await run(straight, { steps: 60 })
  const made = await engine.trainer(deep, noise, options)
  const running = run(made, { steps: 60 })
  const files: Uint8Array[] = []
  while (made.step < 50) files.push(await made.save())
  await running
  expect(await bitsOf(made)).toEqual(await bitsOf(straight))
  expect(files.length).toBeGreaterThan(1)
  for (const state of [files[0]!, files.at(-1)!]) {
    const resumed = await engine.trainer(deep, noise, { state })
    // The last one may be of the end.
    if (resumed.step < 60) await run(resumed, { steps: 60 - resumed.step })
    expect(await bitsOf(resumed)).toEqual(await bitsOf(straight))
    resumed.destroy()
  }
  for (const trainer of [straight, made]) trainer.destroy()
})

test('settings that changed on the way are in the file; others given with it count from the next step on', async () => {
  const made = await engine.trainer(deep, noise, base)
  await run(made, { steps: 5 })
  made.set({ learningRate: 0.3, clipNorm: 0.1 })
  const state = await made.save()
  const [same, other] = [
    await engine.trainer(deep, noise, { state }),
    await engine.trainer(deep, noise, { state, optimizer: adam({ learningRate: 0.001 }) }),
  ]
  expect([same.learningRate, other.learningRate]).toEqual([0.3, 0.001])
  for (const trainer of [made, same, other]) await run(trainer, { steps: 5 })
  expect(await bitsOf(same)).toEqual(await bitsOf(made))
  expect(await bitsOf(other)).not.toEqual(await bitsOf(made))
  for (const trainer of [made, same, other]) trainer.destroy()
})

test('a reset that follows a save at once begins a run of its own; the file is of the run before', async () => {
  const [made, straight] = [await engine.trainer(deep, noise, base), await engine.trainer(deep, noise, base)]
  await run(straight, { steps: 30 })
  await run(made, { steps: 20 })
  const [state] = await Promise.all([made.save(), made.reset()])
  const told = await run(made, { steps: 5 })
  expect(told.at(-1)!.step).toBe(5)
  expect(made.history.step).toEqual([1, 2, 3, 4, 5])
  expect(made.history.loss).toEqual(straight.history.loss.slice(0, 5))
  expect(new Set(made.history.learningRate)).toEqual(new Set([0.02]))
  const resumed = await engine.trainer(deep, noise, { state })
  await run(resumed, { steps: 10 })
  expect(await bitsOf(resumed)).toEqual(await bitsOf(straight))
  for (const trainer of [made, straight, resumed]) trainer.destroy()
})

test('back to any of several moments, after a reset and in any order: each history is its own', async () => {
  const made = await engine.trainer(deep, noise, base)
  await run(made, { steps: 10 })
  const early = await made.snapshot()
  await run(made, { steps: 10 })
  const [late, ofLate] = [await made.snapshot(), made.history]
  await made.reset()
  await run(made, { steps: 3 })
  await made.restore(early)
  made.set({ learningRate: 0.2 })
  await run(made, { steps: 7 })
  expect(made.history.step).toEqual(Array.from({ length: 17 }, (_, i) => i + 1))
  expect(made.history.learningRate.slice(8, 12)).toEqual([0.02, 0.02, 0.2, 0.2])
  await made.restore(late)
  expect(made.history).toEqual(ofLate)
  await run(made, { steps: 1 })
  expect(made.history.step.at(-1)).toBe(21)
  for (const snapshot of [early, late]) snapshot.destroy()
  made.destroy()
})

test('a rate of 0 is saved and goes on; so are options that were given in another order', async () => {
  const options = { ...base, schedule: { type: 'plateau', factor: 0.5, patience: 1 } } as const
  const watch = { evaluateEvery: 2, earlyStopping: { patience: 30, restoreBest: true } }
  const [straight, made] = [await engine.trainer(deep, noise, options), await engine.trainer(deep, noise, options)]
  await run(straight, { ...watch, steps: 24 })
  await run(made, { ...watch, steps: 12, goal: 24 })
  const state = await made.save()
  const resumed = await engine.trainer(deep, noise, { state, schedule: { patience: 1, factor: 0.5, type: 'plateau' } })
  await run(resumed, { evaluateEvery: 2, earlyStopping: { restoreBest: true, minimumImprovement: 0, patience: 30 }, steps: 12 })
  expect(await bitsOf(resumed)).toEqual(await bitsOf(straight))
  made.set({ learningRate: 0 })
  const still = await engine.trainer(deep, noise, { state: await made.save() })
  expect(still.learningRate).toBe(0)
  await run(still, { steps: 2 })
  for (const trainer of [straight, made, resumed, still]) trainer.destroy()
})

test('an optimizer that is given with a state replaces the one in it', async () => {
  const made = await engine.trainer(deep, noise, { ...base, optimizer: adam({ learningRate: 0.02, weightDecay: 0.1, beta1: 0.5 }) })
  await run(made, { steps: 3 })
  const state = await made.save()
  const [replaced, set] = [
    await engine.trainer(deep, noise, { state, optimizer: adam({ learningRate: 0.01 }), batchSize: 20, plan: 'auto' }),
    await engine.trainer(deep, noise, { state }),
  ]
  set.set({ learningRate: 0.01, weightDecay: 0, beta1: 0.9 })
  for (const trainer of [replaced, set]) await run(trainer, { steps: 3 })
  expect(await bitsOf(replaced)).toEqual(await bitsOf(set))
  for (const trainer of [made, replaced, set]) trainer.destroy()
})

test('a state is refused in a sentence where it does not fit, and where it is damaged', async () => {
  const made = await engine.trainer(deep, noise, base)
  await run(made, { steps: 5 })
  const state = await made.save()
  const refused = async (change: object, network: Network = deep, data: Dataset = noise) =>
    engine.trainer(network, data, { state, ...change }).then(
      () => 'taken',
      (error: unknown) => (error instanceof InputError ? error.message : `no InputError: ${String(error)}`),
    )
  expect(await refused({}, sequential([8], [dense(1)]))).toContain('another network')
  expect(await refused({}, deep, { ...noise, train: { count: 30, x: wave(240, 1), y: wave(30, 1) } })).toContain(
    'samples 70, and noise has 30',
  )
  expect(await refused({ batchSize: 10 })).toBe('state: it was saved with batchSize 20, which 10 does not continue')
  expect(await refused({ seed: 6 })).toContain('seed 5')
  expect(await refused({ plan: 'small' })).toBe('state: it was saved with plan "ordinary", which "small" does not continue')
  expect(await refused({ optimizer: sgd({ learningRate: 0.1 }) })).toContain('set: optimizer.type is adam')
  expect(await refused({ parameters: {} })).toContain('parameters of its own')
  expect(await refused({ state: state.subarray(0, state.length / 2) })).toMatch(/outside|cut off|data/)
  const { tensors, metadata } = readSafetensors(state, 'state')
  const { 'moment1:layers.0.weight': _moment, ...fewer } = tensors
  expect(await refused({ state: writeSafetensors(fewer, metadata) })).toBe(
    'state: tensor moment1:layers.0.weight is missing, expected one of shape [24, 8]',
  )
  expect(await refused({ state: writeSafetensors(tensors, { ...metadata, run: '{' }) })).toContain('its run is no JSON')
  expect(await refused({ state: writeSafetensors(tensors, { format: 'gradscope-model/1' }) })).toContain('expected gradscope-state/1')
  made.destroy()
})

test('the file is a safetensors file whose parameters other programs read', async () => {
  const made = await engine.trainer(deep, noise, base)
  await run(made, { steps: 3 })
  const { tensors, metadata } = readSafetensors(await made.save(), 'state')
  expect(metadata).toMatchObject({ format: 'gradscope-state/1', step: '3', seed: '5' })
  expect(JSON.parse(metadata['model']!)).toMatchObject({ format: 'gradscope-model/1', input: [8], batchSize: 20 })
  for (const path of made.parameterPaths) expect([...tensors[path]!.data]).toEqual([...(await made.parameter(path).read())])
  expect(tensors['moment2:layers.0.weight']!.shape).toEqual([24, 8])
  made.destroy()
})

test('a snapshot of another trainer, or one that was destroyed, is refused', async () => {
  const [one, other] = [await engine.trainer(deep, noise, base), await engine.trainer(deep, noise, base)]
  const snapshot = await one.snapshot()
  expect(snapshot.bytes).toBeGreaterThan(3 * one.cost.parameterBytes)
  const running = run(other, { steps: 100 })
  await expect(other.restore(snapshot)).rejects.toThrow("another trainer's")
  snapshot.destroy()
  await expect(one.restore(snapshot)).rejects.toThrow('was destroyed')
  // The run was none of theirs to end.
  await running
  expect(other.step).toBe(100)
  for (const trainer of [one, other]) trainer.destroy()
})

test('of all that the device had nothing to complain', () => {
  expect(problems).toEqual([])
})
