import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { adam, createEngine, dense, InputError, sequential, sgd, sigmoid, type Engine, type TrainerOptions } from '../../src/index.ts'
import { network, run, sines } from './run-fixture.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const options: TrainerOptions = { loss: 'mse', optimizer: adam({ learningRate: 0.02 }), batchSize: 16, seed: 3 }

const trainer = (change: Partial<TrainerOptions> = {}, dataset = sines()) =>
  engine.trainer(network, dataset, { ...options, ...change } as TrainerOptions)
const bits = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)]

test('training lowers the loss, and every step is in the history once', async () => {
  const made = await trainer()
  await run(made, { epochs: 50 })
  const { step, loss, learningRate } = made.history
  expect(step).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
  expect(loss.slice(-4).reduce((a, b) => a! + b!, 0)!).toBeLessThan(loss.slice(0, 4).reduce((a, b) => a! + b!, 0)! / 5)
  expect(new Set(learningRate)).toEqual(new Set([0.02]))
  made.destroy()
})

test('a run at a limited speed does not race after a stall', async () => {
  const made = await trainer()
  const running = run(made, { steps: 10_000, stepsPerSecond: 100 })
  await vi.waitFor(() => expect(made.step).toBeGreaterThan(5), { timeout: 10_000 })
  const blocked = performance.now()
  while (performance.now() - blocked < 1500);
  const [begun, before] = [performance.now(), made.step]
  await vi.waitFor(() => expect(made.step - before).toBeGreaterThan(30), { timeout: 30_000, interval: 5 })
  const allowed = ((performance.now() - begun) / 1000 + 0.1) * 100
  expect(made.step - before).toBeLessThan(allowed + 5)
  made.pause()
  await running
  made.destroy()
})

test('the same run gives the same bits, at one and at many steps a submit, and again after a reset', async () => {
  const outcomes: number[][] = []
  for (const stepsPerSubmit of [1, 7, 64]) {
    const made = await trainer()
    await run(made, { steps: 40, stepsPerSubmit })
    outcomes.push(bits(await made.parameter('layers.0.weight').read()))
    if (stepsPerSubmit === 64) {
      await made.reset()
      expect(made.step).toBe(0)
      await run(made, { steps: 40, stepsPerSubmit: 5 })
      outcomes.push(bits(await made.parameter('layers.0.weight').read()))
    }
    made.destroy()
  }
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0])
})

test('another seed gives another run', async () => {
  const [a, b] = [await trainer({ seed: 1 }), await trainer({ seed: 2 })]
  expect(bits(await a.parameter('layers.0.weight').read())).not.toEqual(bits(await b.parameter('layers.0.weight').read()))
  a.destroy()
  b.destroy()
})

test('a short last batch trains with its true count', async () => {
  const made = await trainer({ shuffle: false, optimizer: sgd({ learningRate: 1e-30 }) })
  await run(made, { epochs: 1 })
  const outputs = await made.outputs('train')
  const { y } = sines().train
  const mean = (first: number, last: number) => {
    let sum = 0
    for (let i = first; i < last; i++) sum += (outputs[i]! - y[i]!) ** 2
    return sum / (last - first)
  }
  const { loss } = made.history
  expect(loss[0]).toBeCloseTo(mean(0, 16), 5)
  expect(loss[3]).toBeCloseTo(mean(48, 50), 5)
  const evaluation = await made.evaluate('train', { outputs: true })
  expect(evaluation.loss).toBeCloseTo(mean(0, 50), 5)
  expect(evaluation.outputs).toEqual(outputs)
  expect((await made.evaluate('test')).count).toBe(20)
  // They share buffers, and wait for each other.
  const [train, tested, outputsAgain, once] = await Promise.all([
    made.evaluate('train'),
    made.evaluate('test'),
    made.outputs('train'),
    made.evaluate('train', { outputs: true }),
  ])
  expect([train.count, tested.count, train.loss]).toEqual([50, 20, evaluation.loss])
  expect([outputsAgain, once]).toEqual([outputs, evaluation])
  made.destroy()
})

test('an epoch of shuffled batches takes every sample once', async () => {
  const dataset = sines(50)
  dataset.train.x = Float32Array.from({ length: 150 }, (_, i) => Math.floor(i / 3))
  const made = await trainer({ optimizer: sgd({ learningRate: 1e-30 }) }, dataset)
  for (const epoch of [0, 1]) {
    const seen: number[] = []
    for (let step = 0; step < 4; step++) {
      await run(made, { steps: 1 })
      const input = await made.activation('input').read()
      for (let row = 0; row < (step === 3 ? 2 : 16); row++) seen.push(input[3 * row]!)
    }
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b))
    expect(
      [...seen].sort((a, b) => a - b),
      `epoch ${epoch}`,
    ).toEqual(Array.from({ length: 50 }, (_, i) => i))
  }
  made.destroy()
})

test('leaving the loop pauses at a step’s end; an abort ends the run with its reason', async () => {
  const made = await trainer()
  for await (const progress of made.run({ epochs: 1e6 })) {
    expect(progress.losses.length).toBeGreaterThan(0)
    break
  }
  expect(made.running).toBe(false)
  const stopped = made.step
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(made.step).toBe(stopped)
  const abort = new AbortController()
  setTimeout(() => abort.abort(new Error('enough')), 60)
  await expect(run(made, { epochs: 1e6, signal: abort.signal })).rejects.toThrow('enough')
  await made.settled()
  expect(made.history.step.length).toBe(made.step)
  made.destroy()
})

test('a learning rate set on the way counts from the next submit on', async () => {
  const made = await trainer({ optimizer: sgd({ learningRate: 0.1 }) })
  await run(made, { steps: 3 })
  made.set({ learningRate: 0 })
  const before = bits(await made.parameter('layers.2.bias').read())
  await run(made, { steps: 3 })
  expect(bits(await made.parameter('layers.2.bias').read())).toEqual(before)
  expect(made.history.learningRate).toEqual([0.1, 0.1, 0.1, 0, 0, 0])
  expect(() => made.set({ learningRate: NaN })).toThrow(InputError)
  // Below float32's range: the kernels would take 0.
  expect(() => made.set({ clipNorm: 1e-60 })).toThrow(/^set: clipNorm is 1e-60/)
  expect(() => made.set({ perturbation: -1 })).toThrow(/^set: perturbation is -1/)
  made.destroy()
})

test('observed values agree with each other: activation, its gradient, the weights’ gradient', async () => {
  const made = await trainer({ shuffle: false, optimizer: sgd({ learningRate: 1e-30 }) })
  await run(made, { steps: 1 })
  const hidden = await made.activation('layers.1').read()
  const observation = made.observation()
  expect(observation.columns.map(({ path, width }) => [path, width])).toEqual([
    ['input', 3],
    ['layers.1', 8],
    ['layers.2', 1],
  ])
  const dOutput = observation.columns[2]!.gradient!
  expect(dOutput.shape).toEqual([16, 1])
  const output = await made.activation('output').read()
  const { y } = sines().train
  const gradient = await made.gradient('layers.2.weight').read()
  for (let unit = 0; unit < 8; unit++) {
    let expected = 0
    for (let row = 0; row < 16; row++) expected += ((2 * (output[row]! - y[row]!)) / 16) * hidden[row * 8 + unit]!
    expect(gradient[unit]).toBeCloseTo(expected, 5)
  }
  made.destroy()
})

test('bad input is refused before anything runs', async () => {
  await expect(engine.trainer(sequential([4], [dense(1)]), sines(), options)).rejects.toThrow(InputError)
  await expect(trainer({ optimizer: sgd({ learningRate: NaN }) })).rejects.toThrow(/learning rate|learningRate/)
  await expect(trainer({ perturbation: -1 })).rejects.toThrow(/^options: perturbation is -1/)
  await expect(engine.trainer(sequential([3], [dense(1), sigmoid(), dense(2)]), sines(), options)).rejects.toThrow(InputError)
})

test('a lost device ends the run with a sentence, not with silence', async () => {
  const own = await createEngine()
  const made = await own.trainer(network, sines(), options)
  setTimeout(() => own.device.destroy(), 30)
  await expect(run(made, { epochs: 1e6 })).rejects.toThrow(/device was lost/)
  expect(await own.lost).toEqual(expect.any(String))
})

test('a validation error is reported with the operation’s name', async () => {
  const own = await createEngine()
  const heard: string[] = []
  own.onError(({ message }) => heard.push(message))
  own.device.createBuffer({ label: 'too large', size: 2 ** 50, usage: GPUBufferUsage.STORAGE })
  own.device.createBindGroup({
    label: 'misfit',
    layout: own.device.createBindGroupLayout({ label: 'empty', entries: [] }),
    entries: [{ binding: 3, resource: { buffer: own.device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE }) } }],
  })
  // The event comes when the browser gets round to it; an idle queue may never send it.
  await vi.waitFor(
    async () => {
      await own.device.queue.onSubmittedWorkDone()
      expect(heard.join('\n')).toMatch(/misfit|empty/)
    },
    { timeout: 20_000 },
  )
  own.destroy()
})

test('what a run costs is counted without alignment, and what is allocated with it', async () => {
  const made = await trainer()
  const { cost } = made
  const parameters = 3 * 8 + 8 + 8 + 1
  expect(cost).toMatchObject({
    parameters,
    parameterBytes: 4 * parameters,
    gradientBytes: 4 * parameters,
    optimizerBytes: 2 * 4 * parameters,
    statisticBytes: 0,
    dataBytes: 4 * (50 * 4 + 20 * 4),
  })
  // At least the batch, the hidden layer and its gradient.
  expect(cost.activationBytes).toBeGreaterThanOrEqual(4 * 16 * (3 + 8 + 8))
  expect(cost.activationBytes % 4).toBe(0)
  expect(cost.allocatedBytes).toBeGreaterThan(cost.dataBytes + cost.parameterBytes + cost.gradientBytes + cost.activationBytes)
  made.destroy()
})

test('a reset leaves nothing of the run before in the activations', async () => {
  const made = await trainer()
  await run(made, { steps: 3 })
  const read = () => made.activation('layers.1').read()
  expect((await read()).some((value) => value !== 0)).toBe(true)
  await made.reset()
  expect((await read()).every((value) => value === 0)).toBe(true)
  made.destroy()
})
