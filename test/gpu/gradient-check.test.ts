import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { gradientCheck, GradientChecker } from '../../src/answers/gradient-check.ts'
import { overrideShader, shaderSource } from '../../src/gpu/shader.ts'
import {
  createEngine,
  dense,
  relu,
  sequential,
  sgd,
  type Dataset,
  type Engine,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts'
import { goldenTensors, parseGolden, type Golden } from '../reference/golden.ts'
import { another, test } from '../kinds.ts'
import { bitsOf, run } from './run-fixture.ts'

const descriptions = import.meta.glob<string>('../goldens/*.json', { query: '?raw', import: 'default' })
const numbers = import.meta.glob<string>('../goldens/*.safetensors', { query: '?inline', import: 'default' })

let engine: Engine
const problems: string[] = []
beforeAll(async () => {
  engine = await createEngine()
  engine.onError(({ message }) => problems.push(message))
})
afterAll(() => engine.destroy())
const faulty = new Set<string>()
afterEach(() => {
  for (const shader of faulty) overrideShader(shader, undefined)
  faulty.clear()
})

async function goldenOf(name: string): Promise<Golden> {
  const json = await descriptions[`../goldens/${name}.json`]!()
  const url = await numbers[`../goldens/${name}.safetensors`]!()
  return parseGolden(
    json,
    Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0)),
    name,
  )
}

/** The recorded network at its first parameters. */
async function trainerOf(name: string, change: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const golden = await goldenOf(name)
  const { model, tensors } = golden
  const [x, y] = [tensors['data.x']!, tensors['data.y']!]
  const count = x.shape[0]!
  const classes = model.loss === 'crossEntropy'
  const dataset: Dataset = {
    name,
    inputShape: model.input,
    outputs: classes ? tensors['output']!.shape.at(-1)! : y.data.length / count,
    train: { count, x: Float32Array.from(x.data), y: classes ? Int32Array.from(y.data) : Float32Array.from(y.data) },
  }
  const init = goldenTensors(golden, 'init')
  const parameters = Object.fromEntries(Object.entries(init).map(([path, data]) => [path, Float32Array.from(data)]))
  return engine.trainer(model, dataset, { ...model, parameters, shuffle: false, tuningTime: 1, ...change })
}

const worstLine = ({ worst, agree, kinks, differ }: Awaited<ReturnType<typeof gradientCheck.random>>) =>
  `${agree} agree, ${kinks} at a kink, ${differ} differ, worst ${worst?.relative.toExponential(1)} at ${worst?.path} ${worst?.index}`

const passes = (names: string[]) =>
  [
    names,
    async (name: string) => {
      const trainer = await trainerOf(name)
      for (const steps of [0, 3]) {
        if (steps) await run(trainer, { steps })
        const before = await bitsOf(trainer)
        const found = await gradientCheck.random(trainer, steps ? 10 : 40, 1 + steps)
        if (found.differ) console.log(name, steps, worstLine(found))
        expect(
          found.differ,
          JSON.stringify(
            found.checks.filter(({ verdict }) => verdict === 'differs'),
            null,
            1,
          ),
        ).toBe(0)
        // Of a gradient close to zero the rounding of the loss is a larger share, which the verdict allows for.
        const close = found.checks.filter(({ verdict, relative }) => verdict === 'agrees' && relative < 0.05)
        expect(close.length).toBeGreaterThan(0.6 * found.checks.length)
        expect(found.step).toBe(steps)
        expect(await bitsOf(trainer)).toEqual(before)
      }
      trainer.destroy()
      expect(problems).toEqual([])
    },
  ] as const

{
  const [names, check] = passes(['xor-bce', 'batch-norm', 'residual'])
  test.for(names)('gradients of %s agree with differences of its loss', check)
}
{
  const [names, check] = passes([
    'adam',
    'article',
    'clip-norm',
    'concat',
    'conv-options',
    'deep-sigmoid',
    'layer-norm',
    'lenet5',
    'mae',
    'momentum',
    'resnet-block',
    'softplus-huber',
    'vgg-block',
    'wide',
  ])
  another.for(names)('gradients of %s agree with differences of its loss', check)
}

type Fault = [shader: string, from: string, to: string, golden: string]
const fails = async ([shader, from, to, golden]: Fault) => {
  const text = shaderSource(shader)
  expect(text).toContain(from)
  faulty.add(shader)
  overrideShader(shader, text.replaceAll(from, to))
  const trainer = await trainerOf(golden)
  const found = await gradientCheck.random(trainer, 60, 1)
  expect(found.differ, worstLine(found)).toBeGreaterThan(0)
  expect(found.worst!.verdict).toBe('differs')
  trainer.destroy()
}
test.for<Fault>([
  ['tanh', '1.0 - y * y', '1.01 - y * y', 'adam'],
  ['batchNormInput', 'dBias[channel] / count', '1.05 * dBias[channel] / count', 'batch-norm'],
])('a derivative in %s that is off by a little is found', fails)
another.for<Fault>([
  ['sigmoid', 'y * (1.0 - y)', 'y * (1.01 - y)', 'deep-sigmoid'],
  ['crossEntropyRow', 'select(p, rightGradient, i == right)', 'select(p, 1.01 * rightGradient, i == right)', 'lenet5'],
  ['columnSums', '[column] = sum', '[column] = 1.01 * sum', 'adam'],
  ['batchNormGradients', 'weightSum += fewWeights', 'weightSum += 1.02 * fewWeights', 'batch-norm'],
  ['add', 'sum * each(saved[i])', 'sum * each(1.01 * saved[i] + 0.01)', 'resnet-block'],
  ['layerNorm', 'inverse[row] = factor', 'inverse[row] = 1.02 * factor', 'layer-norm'],
])('a derivative in %s that is off by a little is found', fails)

test('a kink of ReLU is told from a wrong gradient', async () => {
  // One unit whose input is exactly 0: a little more bias and it is active, a little less and it is not.
  const data: Dataset = {
    name: 'kink',
    inputShape: [1],
    outputs: 1,
    train: { count: 4, x: Float32Array.of(1, 1, 1, 1), y: new Float32Array(4) },
  }
  const parameters = {
    'layers.0.weight': Float32Array.of(0.5),
    'layers.0.bias': Float32Array.of(-0.5),
    'layers.2.weight': Float32Array.of(1),
    'layers.2.bias': Float32Array.of(1),
  }
  for (const plan of ['small', 'ordinary'] as const) {
    const trainer = await engine.trainer(sequential([1], [dense(1), relu(), dense(1)]), data, {
      loss: 'mse',
      optimizer: sgd({ learningRate: 0.1 }),
      batchSize: 4,
      parameters,
      plan,
      tuningTime: 1,
    })
    const check = await gradientCheck(trainer, 'layers.0.bias', 0)
    expect(check).toMatchObject({ verdict: 'kink', analytic: 0, step: 0, samples: 4, parameter: -0.5 })
    expect(await gradientCheck(trainer, 'layers.2.bias', 0)).toMatchObject({ verdict: 'agrees', analytic: 2 })
    // not active, and so without an influence
    await trainer.load({ 'layers.0.bias': Float32Array.of(-3) })
    const dead = await gradientCheck(trainer, 'layers.0.weight', 0)
    expect(dead).toMatchObject({ verdict: 'agrees', analytic: 0, numeric: 0, relative: 0 })
    trainer.destroy()
  }
})

test('a gradient is checked by its tensor and its place; each element is the one that is read', async () => {
  const trainer = await trainerOf('lenet5')
  const checker = await GradientChecker.open(trainer)
  await run(trainer, { steps: 1 })
  // The gradient of step 1 was taken at the parameters that the checker has seen.
  for (const [path, indices] of [
    ['layers.0.weight', [0, 7, 24, 31]],
    ['layers.0.bias', [3]],
    ['layers.3.weight', [0, 26, 151]],
  ] as const) {
    const gradient = await trainer.gradient(path).read()
    for (const index of indices) {
      const check = await checker.check(path, index)
      expect(check.analytic / gradient[index]!).toBeCloseTo(1, 4)
      expect(check.verdict).toBe('agrees')
    }
  }
  await expect(checker.check('layers.99.weight', 0)).rejects.toThrow('layers.0.weight')
  await expect(checker.check('layers.0.bias', 6)).rejects.toThrow('from 0 to 5')
  checker.destroy()
  trainer.destroy()
})

test('gradients that are not finite are counted as such', async () => {
  const trainer = await trainerOf('adam')
  const [path] = trainer.parameterPaths
  const weights = await trainer.parameter(path!).read()
  await trainer.load({ [path!]: weights.fill(NaN) })
  const found = await gradientCheck.random(trainer, 5, 1)
  expect(found).toMatchObject({ agree: 0, kinks: 0, differ: 0, notFinite: 5, worst: null })
  trainer.destroy()
})
