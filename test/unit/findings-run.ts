/** Runs as a watch is told of them, without a network that trains. */
import type { DataFacts } from '../../src/answers/findings/facts.ts'
import type { Finding, Kind } from '../../src/answers/findings/finding.ts'
import { Watch } from '../../src/answers/findings/watch.ts'
import type { Health, LayerHealth } from '../../src/inspect/health.ts'
import { modelFormat, type Layer, type ModelFile } from '../../src/model/types.ts'

const depth = 4
const layers = (activation: Layer): Layer[] => [
  ...Array.from({ length: depth }, (): Layer[] => [{ type: 'dense', units: 8 }, activation]).flat(),
  { type: 'dense', units: 1 },
  { type: 'sigmoid' },
]
export const model = (activation: Layer = { type: 'relu' }, more: Partial<ModelFile> = {}): ModelFile => ({
  format: modelFormat,
  input: [2],
  layers: layers(activation),
  loss: 'binaryCrossEntropy',
  optimizer: { type: 'sgd', learningRate: 0.1 },
  batchSize: 32,
  seed: 1,
  ...more,
})
export const facts: DataFacts = { count: 400, baseline: 0.693, features: [{ index: 0, mean: 0, deviation: 1 }] }

const fine = { nan: 0, infinite: 0 }
export interface Told {
  share?: number
  back?: number
  spread?: number
  dead?: number[]
  saturated?: number
  update?: number
  bad?: boolean
}
/** A reading of four hidden layers of eight neurons and the output. */
export function reading(step: number, told: readonly Told[] = [], more: Partial<Health> = {}): Health {
  const layer = (i: number): LayerHealth => {
    const { share = 1, back = 1, spread = 1, dead = [], saturated = 0, update = 1e-3, bad = false } = told[i] ?? {}
    const path = `layers.${2 * i}`
    const nonFinite = bad ? { nan: 3, infinite: 1 } : fine
    return {
      path,
      type: 'dense',
      parts: [path, `layers.${2 * i + 1}`],
      outputPath: `layers.${2 * i + 1}`,
      column: i + 1,
      activation: { path: `layers.${2 * i + 1}`, name: 'tanh' },
      weight: {
        path: `${path}.weight`,
        count: 64,
        gradientNorm: share,
        gradientRms: share / 8,
        zeroGradients: 0,
        nonFiniteGradients: nonFinite,
        weightNorm: 2,
        largestWeight: 1,
        zeroWeights: 0,
        nonFiniteWeights: fine,
        updateNorm: 2 * update,
        updateRatio: update,
      },
      norms: [],
      gradientShare: bad ? NaN : share,
      output: {
        neurons: 8,
        count: 256,
        mean: 0,
        deviation: spread,
        minimum: -1,
        maximum: 1,
        zeros: 0,
        nonFinite: bad ? nonFinite : fine,
        dead,
        deadShare: dead.length / 8,
        saturated,
        saturatedNeurons: [],
        beyondFive: 0,
        gradientNorm: back,
        nonFiniteGradients: fine,
      },
    }
  }
  return {
    step,
    epoch: step / 13,
    loss: 0.69,
    accuracy: 0.5,
    learningRate: 0.1,
    batch: 32,
    window: { samples: 400, of: 400 },
    input: layer(0).output,
    layers: Array.from({ length: depth + 1 }, (_, i) => layer(i)),
    ...more,
  }
}

interface Course {
  steps?: number
  loss?: (step: number) => number
  told?: readonly Told[] | ((step: number) => readonly Told[])
  health?: Partial<Health>
  model?: ModelFile
  facts?: Partial<DataFacts>
  thresholds?: Record<string, number>
}
/** A run as the watch is told of it. */
export function watched({
  steps = 100,
  loss = () => 0.69,
  told = [],
  health,
  model: own = model(),
  facts: known,
  thresholds = {},
}: Course): Watch {
  const watch = new Watch({ model: own, data: { ...facts, ...known }, stepsPerEpoch: 13, thresholds })
  for (let step = 1; step <= steps; step++) {
    watch.losses([loss(step)])
    if (step === watch.next) watch.look(reading(step, typeof told === 'function' ? told(step) : told, health))
  }
  return watch
}
export const kindsOf = (watch: Watch): Kind[] => watch.findings.map(({ kind }) => kind)
export const find = (watch: Watch, kind: Kind): Finding => watch.findings.find((own) => own.kind === kind)!
export const falling = (step: number) => 0.69 * Math.exp(-step / 50)

/** The same noise in every run. */
export const noise = (step: number) => ((Math.imul(step, 2654435761) >>> 0) / 2 ** 32 - 0.5) * 2
