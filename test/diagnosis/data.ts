/** Data sets for the networks of the diagnosis: small, with noise that no network can learn, so that losses of good networks end near each other. */
import { randomStream } from '../../src/data/random.ts'
import { figureDataset } from '../../src/data/synthetic.ts'
import type { Dataset, Samples } from '../../src/data/types.ts'

const trainCount = 400
const testCount = 100

type Draw = { uniform(): number; normal(): number }

const drawOf = (seed: number): Draw => {
  const stream = randomStream(seed, 77)
  let element = 0
  return { uniform: () => stream.uniform(element++), normal: () => stream.normal(element++) }
}

function samplesOf(
  count: number,
  inputs: number,
  outputs: number,
  isClasses: boolean,
  each: (i: number) => { x: number[]; y: number[] },
): Samples {
  const x = new Float32Array(count * inputs)
  const y = isClasses ? new Int32Array(count) : new Float32Array(count * outputs)
  for (let i = 0; i < count; i++) {
    const sample = each(i)
    x.set(sample.x, i * inputs)
    y.set(sample.y, isClasses ? i : i * outputs)
  }
  return { count, x, y }
}

/** So many classes, each a cloud of normal points about a centre of its own. */
export function clouds({
  classes = 4,
  features = 8,
  spread = 0.8,
  counts,
  seed = 1,
  samples = trainCount,
}: { classes?: number; features?: number; spread?: number; counts?: readonly number[]; seed?: number; samples?: number } = {}): Dataset {
  const draw = drawOf(seed)
  const centres = Array.from({ length: classes }, () => Array.from({ length: features }, () => draw.normal() * 0.7))
  const part = (total: number): Samples => {
    const shares = counts ?? Array<number>(classes).fill(1)
    const whole = shares.reduce((sum, share) => sum + share, 0)
    const labels = shares.flatMap((share, label) => Array<number>(Math.max(1, Math.round((total * share) / whole))).fill(label))
    return samplesOf(labels.length, features, classes, true, (i) => {
      const label = labels[i]!
      return { x: centres[label]!.map((centre) => centre + spread * draw.normal()), y: [label] }
    })
  }
  return { name: 'clouds', inputShape: [features], outputs: classes, train: part(samples), test: part(testCount) }
}

/** Numbers that depend on four features in a curve, with noise of a third of their spread. */
export function waves(seed = 1): Dataset {
  const draw = drawOf(seed)
  const part = (count: number) =>
    samplesOf(count, 4, 1, false, () => {
      const x = [draw.normal(), draw.normal(), draw.normal(), draw.normal()]
      return { x, y: [Math.sin(1.5 * x[0]!) + 0.5 * x[1]! * x[2]! + 0.3 * draw.normal()] }
    })
  return { name: 'waves', inputShape: [4], outputs: 1, train: part(trainCount), test: part(testCount) }
}

/** Images of 8 × 8: a bright bar across, upright or aslant, in noise. */
export function bars(seed = 1): Dataset {
  const draw = drawOf(seed)
  const size = 8
  const part = (count: number) =>
    samplesOf(count, size * size, 3, true, (i) => {
      const label = i % 3
      const at = 1 + Math.floor(draw.uniform() * (size - 2))
      const isLit = (row: number, column: number) => (label === 0 ? row === at : label === 1 ? column === at : (row + column) % size === at)
      const x = Array.from({ length: size * size }, (_, p) => (isLit(Math.floor(p / size), p % size) ? 1.2 : 0) + 0.7 * draw.normal())
      return { x, y: [label] }
    })
  return { name: 'bars', inputShape: [1, size, size], outputs: 3, train: part(trainCount), test: part(testCount) }
}

/** A figure of two classes with a tenth of its labels wrong. */
export function figure(name: 'circle' | 'moons' | 'gaussians' | 'xor', seed = 1, flipped = 0.1): Dataset {
  const dataset = figureDataset(name, { samples: trainCount + testCount, noise: 0.1, seed })
  const draw = drawOf(seed + 100)
  const flip = (part: Samples): Samples => ({
    ...part,
    y: (part.y as Float32Array).map((label) => (draw.uniform() < flipped ? 1 - label : label)),
  })
  return { ...dataset, train: flip(dataset.train), test: flip(dataset.test!) }
}

const changedX = (part: Samples, change: (value: number, feature: number) => number, features: number): Samples => ({
  ...part,
  x: (part.x as Float32Array<ArrayBuffer>).map((value, i) => change(value, i % features)),
})

/** The data with each feature changed. */
export function withInputs(dataset: Dataset, change: (value: number, feature: number) => number): Dataset {
  const features = dataset.inputShape.reduce((product, n) => product * n, 1)
  return {
    ...dataset,
    train: changedX(dataset.train, change, features),
    ...(dataset.test && { test: changedX(dataset.test, change, features) }),
  }
}

/** The data with their training targets dealt out anew. */
export function shuffled(dataset: Dataset, seed = 5): Dataset {
  const draw = drawOf(seed)
  const dealt = <Targets extends Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(targets: Targets): Targets => {
    const all = targets.slice() as Targets
    for (let i = all.length - 1; i > 0; i--) {
      const j = Math.floor(draw.uniform() * (i + 1))
      ;[all[i], all[j]] = [all[j]!, all[i]!]
    }
    return all
  }
  const part = (own: Samples): Samples => ({ ...own, y: dealt(own.y) })
  return { ...dataset, train: part(dataset.train), ...(dataset.test && { test: part(dataset.test) }) }
}

/** The data with other targets. */
export const withTargets = (dataset: Dataset, change: (value: number) => number): Dataset => {
  const part = (own: Samples): Samples => ({ ...own, y: (own.y as Float32Array<ArrayBuffer>).map(change) })
  return { ...dataset, train: part(dataset.train), ...(dataset.test && { test: part(dataset.test) }) }
}

/** The first training samples alone. */
export function first(dataset: Dataset, count: number): Dataset {
  const size = dataset.train.x.length / dataset.train.count
  const outputs = dataset.train.y.length / dataset.train.count
  const { x, y } = dataset.train
  return { ...dataset, train: { count, x: x.slice(0, count * size), y: y.slice(0, count * outputs) } }
}
