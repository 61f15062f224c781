/** Data sets drawn from formulas: five two-dimensional figures of two classes, and the article's random numbers. */
import { wrongIn } from '../errors.ts'
import { randomStream, streams } from './random.ts'
import { splitSamples, takeRows } from './split.ts'
import type { Dataset, Samples } from './types.ts'

export interface SyntheticOptions {
  /** Points in all, both parts together; 1000 by default. */
  samples?: number
  /** Standard deviation of the normal displacement of each point, where the figure reaches from −1 to 1; 0.05 by default. */
  noise?: number
  seed?: number
  /** 0.2 by default. */
  testFraction?: number
}

interface Point {
  label: 0 | 1
  /** The point's number among `count` of its class. */
  index: number
  count: number
  /** Two uniform random numbers of its own. */
  u: number
  v: number
}

const turn = 2 * Math.PI
const onCircle = (radius: number, angle: number): [number, number] => [radius * Math.sin(angle), radius * Math.cos(angle)]

/** Where a point lies before noise; every figure reaches from about −1 to 1. */
const figures = {
  /** Four squares with a gap between them; those across a corner are of one class. */
  xor: ({ label, index, u, v }) => {
    const side = index % 2 === 0 ? 1 : -1
    return [side * (0.06 + 0.94 * u), (label === 1 ? side : -side) * (0.06 + 0.94 * v)]
  },
  /** A disc within a ring. */
  circle: ({ label, u, v }) => onCircle(label === 1 ? 0.5 * u : 0.7 + 0.3 * u, turn * v),
  /** Two round clouds. */
  gaussians: ({ label, u, v }) => {
    const [x, y] = onCircle(0.2 * Math.sqrt(-2 * Math.log(1 - u)), turn * v)
    return label === 1 ? [0.4 + x, 0.4 + y] : [-0.4 + x, -0.4 + y]
  },
  /** Two arms of 1.75 turns. */
  spiral: ({ label, index, count }) => onCircle(index / count, 1.75 * turn * (index / count) + (label === 1 ? 0 : turn / 2)),
  /** Two half circles that reach into each other. */
  moons: ({ label, index, count }) => {
    const angle = (turn / 2) * (index / Math.max(1, count - 1))
    const [x, y] = [Math.cos(angle), Math.sin(angle)]
    return label === 1 ? [(0.5 - x) / 1.5, (0.25 - y) / 1.5] : [(x - 0.5) / 1.5, (y - 0.25) / 1.5]
  },
} satisfies Record<string, (point: Point) => [number, number]>

export type FigureName = keyof typeof figures
export const figureNames = Object.keys(figures) as FigureName[]

/** Coordinates reach this far from the middle, wide enough for tanh to bend within the figure at PyTorch's first weights. */
export const figureRadius = 5

/**
 * Points `[2]` of two classes in equal number, with targets `[1]` of 0 or 1.
 * @throws InputError when the number of samples or the noise is none
 */
export function figureDataset(
  name: FigureName,
  { samples = 1000, noise = 0.05, seed = 0, testFraction = 0.2 }: SyntheticOptions = {},
): Dataset {
  if (!Number.isInteger(samples) || samples < 2) throw wrongIn(name, 'synthetic.samples', { found: samples })
  if (!(noise >= 0 && Number.isFinite(noise))) throw wrongIn(name, 'synthetic.noise', { found: noise })
  const position = randomStream(seed, streams.position)
  const displacement = randomStream(seed, streams.noise)
  const x = new Float32Array(2 * samples)
  const y = new Float32Array(samples)
  for (let i = 0; i < samples; i++) {
    const label = i % 2 === 0 ? 0 : 1
    const count = label === 0 ? Math.ceil(samples / 2) : Math.floor(samples / 2)
    const point = figures[name]({ label, index: Math.floor(i / 2), count, u: position.uniform(2 * i), v: position.uniform(2 * i + 1) })
    x[2 * i] = figureRadius * (point[0] + noise * displacement.normal(2 * i))
    x[2 * i + 1] = figureRadius * (point[1] + noise * displacement.normal(2 * i + 1))
    y[i] = label
  }
  const split = splitSamples(name, samples, { testFraction, seed })
  const part = (rows: Uint32Array): Samples => ({ count: rows.length, x: takeRows(x, 2, rows), y: takeRows(y, 1, rows) })
  return {
    name,
    inputShape: [2],
    outputs: 1,
    train: part(split.train),
    ...(split.test.length > 0 && { test: part(split.test) }),
    classes: ['0', '1'],
    featureNames: ['x', 'y'],
    targetNames: ['class'],
  }
}

/** The article's example: 100 samples `[10]` and their targets `[1]`, all uniform in [0, 1) and so without anything to learn but their mean. */
export function articleDataset(seed = 0): Dataset {
  const draw = (count: number, stream: number) => Float32Array.from({ length: count }, (_, i) => randomStream(seed, stream).uniform(i))
  return {
    name: 'article',
    inputShape: [10],
    outputs: 1,
    train: { count: 100, x: draw(1000, streams.articleSamples), y: draw(100, streams.articleTargets) },
    targetNames: ['target'],
  }
}
