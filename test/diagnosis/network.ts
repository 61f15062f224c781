/** Networks of the diagnosis as they are written down: one literal each. */
import type { Kind } from '../../src/answers/findings/finding.ts'
import type { Dataset } from '../../src/data/types.ts'
import {
  modelFormat,
  type ActivationName,
  type Initializer,
  type Layer,
  type LossName,
  type ModelFile,
  type Optimizer,
} from '../../src/model/types.ts'

export interface Trained {
  model: ModelFile
  data: Dataset
}

export interface HealthyCase extends Trained {
  name: string
  steps: number
}

export interface BrokenCase extends Trained {
  name: string
  /** What is wrong with it, of which any is a right name. */
  kinds: readonly Kind[]
  /** Where: any of these; null: the run as a whole. */
  layers: readonly string[] | null
  /** The finding is there after so many steps at most. */
  within: number
  steps: number
  /** The same network without the fault. */
  twin: Trained
  /** The part whose loss a cure is held to. */
  judgedBy: 'train' | 'test'
}

export interface Shape {
  input: readonly number[]
  hidden: readonly number[]
  outputs: number
  activation: ActivationName
  initializer?: Initializer
  norm?: 'batchNorm' | 'layerNorm'
  /** Behind the output layer. */
  end?: readonly Layer[]
}

const weights = (units: number, initializer?: Initializer): Layer => ({ type: 'dense', units, ...(initializer && { initializer }) })

/** Dense layers with an activation each, then the output. */
export const layersOf = ({ hidden, outputs, activation, initializer, norm, end = [] }: Omit<Shape, 'input'>): Layer[] => [
  ...hidden.flatMap((units): Layer[] => [weights(units, initializer), ...(norm ? [{ type: norm } as Layer] : []), { type: activation }]),
  weights(outputs),
  ...end,
]

export const modelOf = (
  dataset: Dataset,
  layers: Layer[],
  {
    loss,
    optimizer,
    batchSize = 32,
    seed = 1,
    ...more
  }: { loss: LossName; optimizer: Optimizer; batchSize?: number; seed?: number } & Partial<ModelFile>,
): ModelFile => ({ format: modelFormat, input: dataset.inputShape, layers, loss, optimizer, batchSize, seed, ...more })

export const adam = (learningRate = 0.01): Optimizer => ({ type: 'adam', learningRate })
export const sgd = (learningRate: number, momentum = 0): Optimizer => ({ type: 'sgd', learningRate, ...(momentum > 0 && { momentum }) })

export const he: Initializer = { type: 'heNormal' }
export const glorot: Initializer = { type: 'glorotUniform' }
export const normal = (deviation: number): Initializer => ({ type: 'normal', deviation })
export const uniform = (minimum: number, maximum: number): Initializer => ({ type: 'uniform', minimum, maximum })
export const times = <Item>(count: number, item: Item): Item[] => Array<Item>(count).fill(item)
