import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  adam,
  batchNorm,
  createEngine,
  dense,
  inTurns,
  sequential,
  sgd,
  tanh,
  type Dataset,
  type Engine,
  type Evaluation,
  type Progress,
  type RunOptions,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const noise = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin((i + from) * 12.9898) * 0.9)
/** Random numbers with random targets: what is learnt of the training part makes the test part worse. */
function noisy(tests: number, count = 60): Dataset {
  const part = (samples: number, from: number) => ({ count: samples, x: noise(samples * 8, from), y: noise(samples, from + 7919) })
  return { name: 'noise', inputShape: [8], outputs: 1, train: part(count, 1), ...(tests > 0 && { test: part(tests, 10_007) }) }
}
const network = sequential([8], [dense(24), batchNorm(), tanh(), dense(1)])
const options: TrainerOptions = { loss: 'mse', optimizer: adam({ learningRate: 0.02 }), batchSize: 20, seed: 3, tuningTime: 1 }

async function trainer(tests: number, change: Partial<TrainerOptions> = {}, dataset = noisy(tests)): Promise<Trainer> {
  return engine.trainer(network, dataset, { ...options, ...change } as TrainerOptions)
}
async function run(made: Trainer, how: RunOptions): Promise<Progress[]> {
  const all: Progress[] = []
  for await (const progress of made.run(how)) all.push(progress)
  return all
}
const parameters = (made: Trainer) => Promise.all(made.parameterPaths.map((path) => made.parameter(path).read()))
const measured = ({ history }: Trainer) => history.step.filter((_, i) => history.testLoss[i] !== null)

test('a run evaluates as a run would that stops for it: at the same steps, the same numbers', async () => {
  const [going, stopping] = [await trainer(700), await trainer(700)]
  const progress = await run(going, { steps: 25, evaluateEvery: 4 })
  expect(measured(going)).toEqual([4, 8, 12, 16, 20, 24, 25])
  const heard = progress.flatMap(({ evaluations }) => evaluations)
  expect(heard.map(({ step }) => step)).toEqual([4, 8, 12, 16, 20, 24, 25])
  expect(heard.map(({ count }) => count)).toEqual(heard.map(() => 700))
  for (const { step, loss } of heard) {
    await run(stopping, { steps: step - stopping.step })
    expect((await stopping.evaluate('test')).loss, `step ${step}`).toBe(loss)
  }
  expect(going.history.testLoss).toEqual(stopping.history.testLoss)
  expect(await parameters(going)).toEqual(await parameters(stopping))
  for (const made of [going, stopping]) made.destroy()
})

test('training goes on while an evaluation is under way, and the evaluation is of one state all the same', async () => {
  const made = await trainer(40_000)
  const steps: { evaluation: Evaluation; arrived: number }[] = []
  const training = run(made, { steps: 4000 })
  while (steps.length < 3) {
    const evaluation = await made.evaluate('test')
    steps.push({ evaluation, arrived: made.step })
  }
  made.pause()
  await training
  const again = await trainer(40_000)
  for (const { evaluation, arrived } of steps) {
    expect(arrived).toBeGreaterThan(evaluation.step)
    if (evaluation.step > again.step) await run(again, { steps: evaluation.step - again.step })
    expect((await again.evaluate('test')).loss, `step ${evaluation.step}`).toBe(evaluation.loss)
  }
  expect(new Set(steps.map(({ evaluation }) => evaluation.step)).size).toBe(3)
  for (const one of [made, again]) one.destroy()
})

test('a run that ends early says so, and its parameters are the best ones again', async () => {
  const early = { earlyStopping: { patience: 3, restoreBest: true }, evaluateEvery: 3 }
  const outcomes: Float32Array[][] = []
  for (const stepsPerSubmit of [1, 64]) {
    const made = await trainer(200)
    const { stopped, restored } = (await run(made, { ...early, steps: 2000, stepsPerSubmit })).at(-1)!
    const { history } = made
    const losses = measured(made).map((step) => ({ step, loss: history.testLoss[step - 1]! }))
    const best = losses.reduce((least, next) => (next.loss < least.loss ? next : least))
    // Three in a row were worse, and the one that was due when that was known.
    expect(stopped).toEqual({ step: best.step + 12, part: 'test', best })
    expect(restored).toBe(best.step)
    expect(made.step).toBe(best.step + 12)
    expect(losses.at(-1)!.step).toBe(made.step)
    expect(made.running).toBe(false)
    const at = await trainer(200)
    await run(at, { steps: best.step })
    expect(await parameters(made)).toEqual(await parameters(at))
    expect(await made.evaluate('test')).toMatchObject(best)
    expect(made.history.testLoss[made.step - 1]).toBe(losses.at(-1)!.loss)
    outcomes.push(await parameters(made))
    // It may go on, with its patience again.
    await run(made, { ...early, steps: 6 })
    expect(made.step).toBe(best.step + 18)
    for (const one of [made, at]) one.destroy()
  }
  expect(outcomes[0]).toEqual(outcomes[1])
})

test('without a test part the mean training loss since the evaluation before decides', async () => {
  const made = await trainer(0, { optimizer: sgd({ learningRate: 1e-30 }), shuffle: false })
  const { stopped } = (await run(made, { steps: 500, earlyStopping: { patience: 2, minimumImprovement: 1e-3 } })).at(-1)!
  const first = made.history.loss.slice(0, 3).reduce((sum, loss) => sum! + loss!, 0)! / 3
  expect(stopped).toMatchObject({ step: 12, part: 'training', best: { step: 3 } })
  expect(stopped!.best.loss).toBeCloseTo(first, 6)
  expect(measured(made)).toEqual([])
  await expect(run(made, { evaluateEvery: 0 })).rejects.toThrow('evaluateEvery is 0, expected a positive integer')
  await expect(run(made, { earlyStopping: { patience: 0 } })).rejects.toThrow('patience is 0, expected a positive integer')
  made.destroy()
})

test('on a plateau the rate falls from the next evaluation on, at any number of steps a submit', async () => {
  const rates: (number | null)[][] = []
  for (const stepsPerSubmit of [1, 64]) {
    const made = await trainer(100, {
      optimizer: sgd({ learningRate: 1e-20 }),
      schedule: { type: 'plateau', factor: 0, patience: 1, minimum: 0 },
    })
    made.set({ learningRate: 1e-6 })
    await run(made, { steps: 18, evaluateEvery: 3, stepsPerSubmit })
    expect(made.learningRate).toBe(0)
    rates.push(made.history.learningRate)
    made.destroy()
  }
  // Evaluations after 3, 6 and 9: twice no better by a ten-thousandth, which is known when the one after 12 is due.
  expect(rates[0]).toEqual(Array.from({ length: 18 }, (_, i) => (i < 12 ? 1e-6 : 0)))
  expect(rates[1]).toEqual(rates[0])
})

test('the warm-up is in the history', async () => {
  const made = await trainer(0, { warmup: 4, schedule: { type: 'step', every: 2, factor: 0.5 }, optimizer: sgd({ learningRate: 0.4 }) })
  await run(made, { steps: 8 })
  expect(made.history.learningRate.map((rate) => +rate!.toFixed(9))).toEqual([0.1, 0.2, 0.3, 0.4, 0.4, 0.4, 0.2, 0.2])
  made.destroy()
})

test('late results hold neither training nor evaluations up', async () => {
  const made = await trainer(100)
  const { mapAsync } = GPUBuffer.prototype
  let held: (() => void)[] = []
  GPUBuffer.prototype.mapAsync = async function (...words) {
    await new Promise<void>((resolve) => held.push(resolve))
    return mapAsync.apply(this, words)
  }
  // Readbacks are answered only when training has stood still for a second.
  let [rounds, step, since] = [0, 0, performance.now()]
  const timer = setInterval(() => {
    if (made.step !== step) [step, since] = [made.step, performance.now()]
    if (held.length === 0 || performance.now() - since < 1000) return
    for (const answer of held.splice(0)) answer()
    rounds++
    since = performance.now()
  }, 20)
  try {
    await run(made, { steps: 300, evaluateEvery: 10 })
    // Thirty readbacks one after the other would take thirty.
    expect(rounds).toBeLessThan(15)
    expect(measured(made)).toHaveLength(30)
    made.destroy()
  } finally {
    clearInterval(timer)
    GPUBuffer.prototype.mapAsync = mapAsync
    for (const answer of held) answer()
    held = []
  }
})

test.for([
  ['a plateau', { schedule: { type: 'plateau', factor: 0.5, patience: 1 } }, { evaluateEvery: 4 }],
  ['early stopping', {}, { evaluateEvery: 4, earlyStopping: { patience: 3, restoreBest: true } }],
] as const)('%s counts what its schedule evaluates: a run in single steps is the run in one go', async ([, change, watch]) => {
  for (const tests of [40, 0]) {
    const [whole, split] = [await trainer(tests, change), await trainer(tests, change)]
    const [end] = (await run(whole, { ...watch, steps: 45 })).slice(-1)
    let last: Progress | undefined
    for (let step = 0; step < 45 && !last?.stopped; step++) last = (await run(split, { ...watch, steps: 1, goal: 45 })).at(-1)
    expect([last!.stopped, last!.restored]).toEqual([end!.stopped, end!.restored])
    expect(split.history).toEqual(whole.history)
    expect(await parameters(split)).toEqual(await parameters(whole))
    for (const made of [whole, split]) made.destroy()
  }
})

test('one planned step that is left ends the run as any other: it evaluates, and the best parameters return', async () => {
  const watch = { evaluateEvery: 4, earlyStopping: { patience: 100, restoreBest: true }, goal: 42 }
  const [whole, split] = [await trainer(40), await trainer(40)]
  await run(whole, { ...watch, steps: 42 })
  await run(split, { ...watch, steps: 41 })
  const evaluations = measured(split)
  expect(evaluations.at(-1)).toBe(40)
  const last = (await run(split, { ...watch, steps: 1 })).at(-1)!
  expect(last.evaluations.map(({ step }) => step)).toEqual([42])
  expect(await parameters(split)).toEqual(await parameters(whole))
  for (const made of [whole, split]) made.destroy()
})

test('several in turns evaluate as each alone, and the first to stop early rests', async () => {
  const watch = { evaluateEvery: 4, earlyStopping: { patience: 2 } }
  const rates = [0.02, 0.0001]
  const make = () => Promise.all(rates.map((learningRate) => trainer(40, { optimizer: adam({ learningRate }) })))
  const [alone, turns] = [await make(), await make()]
  for (const made of alone) await run(made, { ...watch, steps: 60 })
  const evaluations: number[][] = [[], []]
  const ends: (Progress | undefined)[] = []
  for await (const round of inTurns(turns, { ...watch, steps: 60 }))
    round.forEach((progress, i) => {
      evaluations[i]!.push(...progress.evaluations.map(({ step }) => step))
      ends[i] = progress
    })
  expect(ends[0]!.stopped?.step).toBe(alone[0]!.step)
  expect(ends[0]!.step).toBeLessThan(60)
  expect(ends[1]!.step).toBe(alone[1]!.step)
  turns.forEach((made, i) => {
    expect(evaluations[i]).toEqual(measured(alone[i]!))
    expect(made.history).toEqual(alone[i]!.history)
  })
  for (const made of [...alone, ...turns]) made.destroy()
})
