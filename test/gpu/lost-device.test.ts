import { expect } from 'vitest'
import { adam, createEngine, dense, DeviceLost, relu, sequential, type Dataset, type Engine, type Trainer } from '../../src/index.ts'
import { another, test } from '../kinds.ts'
import { run } from './run-fixture.ts'

const data: Dataset = {
  name: 'waves',
  inputShape: [16],
  outputs: 1,
  train: {
    count: 4096,
    x: Float32Array.from({ length: 4096 * 16 }, (_, i) => Math.sin(i)),
    y: Float32Array.from({ length: 4096 }, (_, i) => Math.cos(i)),
  },
}
data.test = data.train
const networks = { small: sequential([16], [dense(4), relu(), dense(1)]), ordinary: sequential([16], [dense(64), relu(), dense(1)]) }
const options = { loss: 'mse', optimizer: adam({ learningRate: 0.01 }), batchSize: 32, tuningTime: 1 } as const

/** How a promise ends within a second, or that it does not. */
async function outcome(work: Promise<unknown>): Promise<unknown> {
  const late = new Promise((resolve) => setTimeout(resolve, 1000, 'nothing within a second'))
  return Promise.race([
    work.then(
      (result) => ['resolved', result],
      (error: unknown) => error,
    ),
    late,
  ])
}

const uses: Record<string, (trainer: Trainer, engine: Engine) => Promise<unknown>> = {
  evaluate: (trainer) => trainer.evaluate(),
  outputs: (trainer) => trainer.outputs('train'),
  predict: (trainer) => trainer.predict(new Float32Array(16)),
  parameter: (trainer) => trainer.parameter('layers.0.weight').read(),
  gradient: (trainer) => trainer.gradient('layers.0.weight').read(),
  activation: (trainer) => trainer.activation('output').read(),
  reset: (trainer) => trainer.reset(),
  load: (trainer) => trainer.load({ 'layers.0.bias': new Float32Array(trainer.parameter('layers.0.bias').shape[0]!) }),
  snapshot: (trainer) => trainer.snapshot(),
  save: (trainer) => trainer.save(),
  run: (trainer) => run(trainer, { steps: 100 }),
  'a run with evaluations': (trainer) => run(trainer, { steps: 100, evaluateEvery: 10, earlyStopping: { patience: 3, restoreBest: true } }),
  'a small trainer': (_, engine) => engine.trainer(networks.small, data, options),
  'an ordinary trainer': (_, engine) => engine.trainer(networks.ordinary, data, options),
  sweep: (_, engine) => engine.sweep(networks.small, data, [{ seed: 1 }, { seed: 2 }], { ...options, steps: 50 }),
}

test.for(['small', 'ordinary'] as const)(
  '%s: on a device that was lost every promise is rejected with DeviceLost, within a second',
  async (plan) => {
    const engine = await createEngine()
    const trainer = await engine.trainer(networks[plan], data, options)
    await run(trainer, { steps: 3 })
    engine.device.destroy()
    await engine.lost
    for (const [name, use] of Object.entries(uses)) {
      const end = await outcome(use(trainer, engine))
      expect(end, name).toBeInstanceOf(DeviceLost)
      expect((end as Error).message, name).toMatch(/^the GPU device was lost: ./)
    }
    await expect(trainer.settled()).rejects.toBeInstanceOf(DeviceLost)
    trainer.destroy()
  },
)

const ofEachKind = ['evaluate', 'parameter', 'reset', 'save', 'a run with evaluations', 'an ordinary trainer', 'sweep']
const underWay = '%s under way when the device goes: the same'
test.for(ofEachKind)(underWay, goesUnderWay)
another.for(Object.keys(uses).filter((name) => !ofEachKind.includes(name)))(underWay, goesUnderWay)

async function goesUnderWay(name: string): Promise<void> {
  const engine = await createEngine()
  const trainer = await engine.trainer(networks.ordinary, data, options)
  const running = name.includes('run') ? undefined : run(trainer, { steps: 1e7 })
  const caught = running?.catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const use = uses[name]!(trainer, engine)
  use.catch(() => {})
  engine.device.destroy()
  const end = await outcome(use)
  // What was done before the device went has been done.
  const isDone = Array.isArray(end) && end[0] === 'resolved'
  expect(isDone || end instanceof DeviceLost, `${name}: ${String(end)}`).toBe(true)
  if (caught) expect(await outcome(caught.then((error) => Promise.reject(error as Error)))).toBeInstanceOf(DeviceLost)
  trainer.destroy()
}

test('an engine that is destroyed says so', async () => {
  const engine = await createEngine()
  const trainer = await engine.trainer(networks.ordinary, data, options)
  const running = run(trainer, { steps: 1e7 })
  const caught = running.catch((error: unknown) => error)
  engine.destroy()
  expect(await caught).toEqual(new DeviceLost('the engine was destroyed'))
})
