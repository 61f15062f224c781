import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBuffer } from '../../src/gpu/readback.ts'
import { adam, createEngine, InputError, sgd, type Engine, type Progress, type TrainerOptions } from '../../src/index.ts'
import { DepthReader } from '../../src/inspect/depth.ts'
import { bitsOf, dice, run, sines, trainerOf } from './run-fixture.ts'

let engine: Engine
const problems: string[] = []
beforeAll(async () => {
  engine = await createEngine()
  engine.onError(({ message }) => problems.push(message))
})
afterAll(() => {
  engine.destroy()
})

const options: TrainerOptions = { loss: 'mse', optimizer: adam({ learningRate: 0.02 }), batchSize: 16, seed: 3, tuningTime: 1 }
const plans = ['small', 'ordinary'] as const
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

test.for(plans)('%s: resets that overlap while it trains leave the run that one reset leaves', async (plan) => {
  const clean = await trainerOf(engine, { ...options, plan })
  await run(clean, { steps: 30 })
  const made = await trainerOf(engine, { ...options, plan })
  const running = run(made, { steps: 1e6 })
  await pause(20)
  const resets = [made.reset(), made.reset()]
  await pause(2)
  resets.push(made.reset())
  // The first one done, somebody trains on while the others are to come.
  await resets[0]
  const meanwhile = run(made, { steps: 1e6 })
  await Promise.all([...resets, running])
  made.pause()
  await meanwhile
  await made.reset()
  await run(made, { steps: 30 })
  expect(await bitsOf(made)).toEqual(await bitsOf(clean))
  expect(made.history.loss).toEqual(clean.history.loss)
  clean.destroy()
  made.destroy()
})

test.for(Array.from({ length: 12 }, (_, i) => i + 1))(
  'operations in any order and at any time, %i: afterwards the run is the clean one',
  async (seed) => {
    const roll = dice(seed)
    const plan = plans[seed % 2]!
    const clean = await trainerOf(engine, { ...options, plan, accumulate: plan === 'ordinary' ? 2 : 1 })
    await run(clean, { steps: 7 })
    const made = await trainerOf(engine, { ...options, plan, accumulate: plan === 'ordinary' ? 2 : 1 })
    const weights = await made.parameter('layers.0.weight').read()
    const snapshot = await made.snapshot()
    const pending: Promise<unknown>[] = []
    const operations = [
      () => made.reset(),
      () => run(made, { steps: 1 + Math.floor(roll() * 40) }).catch((error: unknown) => expect(error).toBeInstanceOf(InputError)),
      () => made.load({ 'layers.0.weight': weights }, { moments: roll() < 0.5 ? 'keep' : 'clear' }),
      () => made.evaluate('test'),
      () => made.restore(snapshot),
      () => made.snapshot().then((taken) => taken.destroy()),
      () => made.save(),
      () => made.parameter('layers.2.bias').read(),
      async () => made.pause(),
      async () => made.set({ learningRate: roll() }),
    ]
    for (let i = 0; i < 25; i++) {
      pending.push(operations[Math.floor(roll() * operations.length)]!())
      if (roll() < 0.5) await pause(roll() * 6)
    }
    await Promise.all(pending)
    made.set({ learningRate: 0.02 })
    await made.reset()
    await run(made, { steps: 7 })
    expect(await bitsOf(made)).toEqual(await bitsOf(clean))
    expect(made.history.loss).toEqual(clean.history.loss)
    expect(made.history.step).toEqual([1, 2, 3, 4, 5, 6, 7])
    for (const one of [clean, made]) one.destroy()
  },
)

test('a second run beside the first is refused; one that follows a pause waits for its end', async () => {
  const made = await trainerOf(engine, options)
  const first = run(made, { steps: 1e6 })
  await pause(10)
  await expect(run(made, { steps: 3 })).rejects.toThrow('run: this trainer is running already; pause it first')
  made.pause()
  const second = run(made, { steps: 3 })
  await first
  await second
  expect(made.running).toBe(false)
  // A pause before its turn has come ends a run, too.
  const before = made.step
  const third = run(made, { steps: 1e6 })
  made.pause()
  await third
  expect(made.step).toBe(before)
  made.destroy()
})

test('a run that is refused leaves the one under way as it was', async () => {
  for (const refused of [{ steps: 5 }, { steps: 5, evaluateEvery: -1 }, { steps: -1 }]) {
    const made = await trainerOf(engine, options)
    const first = run(made, { steps: 400, goal: 400, evaluateEvery: 100 })
    // At once, and after some steps.
    await expect(run(made, refused)).rejects.toThrow('run: ')
    await pause(10)
    await expect(run(made, refused)).rejects.toThrow('run: ')
    const told = await first
    expect(told.at(-1)!.step).toBe(400)
    expect(told.flatMap(({ losses }) => [...losses])).toHaveLength(400)
    expect(told.flatMap(({ evaluations }) => evaluations.map(({ step }) => step))).toEqual([100, 200, 300, 400])
    made.destroy()
  }
})

test('a run that begins while the one before is still being consumed leaves that one nothing of its own to tell or to end', async () => {
  const watch = { evaluateEvery: 4, earlyStopping: { patience: 2, restoreBest: true } } as const
  const made = await trainerOf(engine, options)
  const first = made.run({ steps: 1000, stepsPerSecond: 200, ...watch })
  await first.next()
  made.pause()
  const second = run(made, { steps: 40, evaluateEvery: 50 })
  const rest: Progress[] = []
  for await (const progress of first) rest.push(progress)
  const told = await second
  expect(rest.some(({ stopped, restored }) => stopped || restored)).toBe(false)
  expect(told.at(-1)!.step).toBe(made.step)
  const losses = [...rest, ...told].reduce((sum, progress) => sum + progress.losses.length, 0)
  expect(losses).toBeLessThanOrEqual(made.step)
  expect(made.history.step).toEqual(Array.from({ length: made.step }, (_, i) => i + 1))
  made.destroy()
})

test('a run whose trainer is destroyed ends, with evaluations due or without', async () => {
  for (const watch of [{}, { evaluateEvery: 3 }]) {
    const made = await trainerOf(engine, options)
    const running = run(made, { steps: 1e6, ...watch })
    await pause(20)
    made.destroy()
    expect((await running).every(({ loss }) => Number.isFinite(loss))).toBe(true)
    await expect(run(made, { steps: 1 })).rejects.toThrow('was destroyed')
  }
})

test('parameters that are loaded are not those of the best step', async () => {
  const made = await trainerOf(engine, options)
  const ended = await run(made, { steps: 200, evaluateEvery: 2, earlyStopping: { patience: 1, minimumImprovement: 10, restoreBest: true } })
  const { restored } = ended.at(-1)!
  expect((await made.evaluate()).step).toBe(restored)
  const best = made.history.testLoss[made.history.step.indexOf(restored!)]
  await made.load({ 'layers.2.bias': Float32Array.of(50) })
  expect((await made.evaluate()).step).toBe(made.step)
  expect(made.history.testLoss[made.history.step.indexOf(restored!)]).toBe(best)
  made.destroy()
})

test('what reads beside it and is refused by the GPU ends no run', async () => {
  const [gone, made] = [await trainerOf(engine, options), await trainerOf(engine, options)]
  const reader = new DepthReader(engine.device, [gone.observation()])
  gone.destroy()
  const running = run(made, { steps: 200, stepsPerSecond: 400 })
  await expect(reader.read()).rejects.toThrow('could not be read')
  await running
  expect(made.step).toBe(200)
  // Neither does an error of the caller's own outlast it.
  engine.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
  await engine.device.queue.onSubmittedWorkDone()
  await pause(50)
  expect(problems.splice(0)).toHaveLength(1)
  await run(made, { steps: 3 })
  expect(made.step).toBe(203)
  reader.destroy()
  made.destroy()
})

test('loading keeps the moments, or begins them anew', async () => {
  const of = { ...options, plan: 'ordinary' } as const
  const fresh = await trainerOf(engine, of)
  await run(fresh, { steps: 10 })
  const bias = await fresh.parameter('layers.2.bias').read()
  const all = Object.fromEntries(
    await Promise.all(fresh.parameterPaths.map(async (path) => [path, await fresh.parameter(path).read()] as const)),
  )
  const before = await fresh.save()
  await fresh.load({ 'layers.2.bias': bias })
  await run(fresh, { steps: 5 })
  const same = await engine.trainer({ input: [3], layers: fresh.model.layers }, sines(), {
    state: before,
  })
  await run(same, { steps: 5 })
  expect(await bitsOf(same)).toEqual(await bitsOf(fresh))
  // With the moments cleared it is as a new trainer with these parameters, but for the samples of its step.
  const [cleared, begun] = [
    await trainerOf(engine, { ...of, shuffle: false }),
    await trainerOf(engine, { ...of, shuffle: false, parameters: all }),
  ]
  await run(cleared, { epochs: 2 })
  await cleared.load(all, { moments: 'clear' })
  await run(cleared, { epochs: 1 })
  await run(begun, { epochs: 1 })
  expect({ ...(await bitsOf(cleared)), step: '' }).toEqual({ ...(await bitsOf(begun)), step: '' })
  await expect(fresh.load({ 'layers.9.bias': bias })).rejects.toThrow('no parameter named layers.9.bias')
  const untouched = await bitsOf(fresh)
  const asked = performance.now()
  await expect(fresh.load({ 'layers.0.weight': new Float32Array(24), 'layers.2.bias': new Float32Array(3) })).rejects.toThrow(
    'parameter layers.2.bias: 3 numbers given, 1 expected',
  )
  // Nothing was written, and nobody waited for a device that might be lost.
  expect(await bitsOf(fresh)).toEqual(untouched)
  expect(performance.now() - asked).toBeLessThan(450)
  for (const one of [fresh, same, cleared, begun]) one.destroy()
})

test('what needs another kernel is refused, and the rest is taken', async () => {
  const plain = await trainerOf(engine, { ...options, optimizer: sgd({ learningRate: 0.1 }) })
  expect(() => plain.set({ momentum: 0.9 })).toThrow('set: the optimizer was made without momentum, and momentum 0.9 needs a new trainer')
  plain.set({ clipNorm: 1 })
  plain.set({ clipNorm: null, learningRate: 0.2 })
  expect(plain.learningRate).toBe(0.2)
  const heavy = await trainerOf(engine, { ...options, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) })
  heavy.set({ momentum: 0.95 })
  expect(() => heavy.set({ momentum: 0 })).toThrow(InputError)
  expect(() => heavy.set({ nesterov: true })).toThrow('set: optimizer.nesterov is false, and true needs a new trainer')
  for (const one of [plain, heavy]) one.destroy()
})

test('after it was destroyed nothing of a trainer reads as zeros', async () => {
  const made = await trainerOf(engine, options)
  await run(made, { steps: 5 })
  const [weight, gradient, activation] = [made.parameter('layers.0.weight'), made.gradient('layers.0.weight'), made.activation('output')]
  const view = weight.view()
  made.destroy()
  for (const work of [
    () => weight.read(),
    () => gradient.read(),
    () => activation.read(),
    () => made.evaluate(),
    () => made.predict(new Float32Array(3)),
    () => made.outputs('train'),
    () => made.reset(),
    () => made.load({}),
    () => made.snapshot(),
    () => made.save(),
    () => run(made, { steps: 1 }),
  ])
    await expect(work()).rejects.toThrow('the trainer was destroyed')
  await expect(readBuffer(engine.device, view.buffer, view.offset, view.size)).rejects.toThrow('could not be read')
})

test('of all that the device had nothing to complain', () => {
  expect(problems).toEqual([])
})
