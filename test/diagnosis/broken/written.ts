/** How a broken network is written down: what is wrong with it, what it shares with its healthy twin, and what each has for itself. */
import type { Kind } from '../../../src/answers/findings/finding.ts'
import type { Dataset } from '../../../src/data/types.ts'
import type { Initializer, Layer, LossName, ModelFile, Optimizer } from '../../../src/model/types.ts'
import { bars, clouds, figure, waves } from '../data.ts'
import { adam, layersOf, modelOf, type BrokenCase, type Shape } from '../network.ts'

type Part = Partial<Omit<Shape, 'input' | 'outputs'>> & {
  data?: Dataset
  layers?: Layer[]
  optimizer?: Optimizer
  batchSize?: number
  more?: Partial<ModelFile>
}

export interface Written {
  name: string
  kinds: Kind | readonly Kind[]
  layers?: readonly string[] | string
  within?: number
  steps?: number
  data: Dataset
  loss: LossName
  /** What twin and broken network share, and what each has for itself. */
  both?: Part
  broken: Part
  twin?: Part
  judgedBy?: 'train' | 'test'
}

export const sigmoidEnd: Layer[] = [{ type: 'sigmoid' }]

export function made({
  name,
  kinds,
  layers,
  within = 100,
  steps = 400,
  data,
  loss,
  both = {},
  broken,
  twin = {},
  judgedBy = 'train',
}: Written): BrokenCase {
  const trained = (own: Part) => {
    const { data: from = data, layers: whole, optimizer = adam(), batchSize = 32, more = {}, ...shape } = { ...both, ...own }
    const end = loss === 'binaryCrossEntropy' ? sigmoidEnd : []
    const list = whole ?? layersOf({ hidden: [16, 16], activation: 'relu', outputs: from.outputs, end, ...shape })
    return { data: from, model: modelOf(from, list, { loss, optimizer, batchSize, ...more }) }
  }
  return {
    name,
    kinds: typeof kinds === 'string' ? [kinds] : kinds,
    layers: layers === undefined ? null : typeof layers === 'string' ? [layers] : layers,
    within,
    steps,
    ...trained(broken),
    twin: trained(twin),
    judgedBy,
  }
}

export const [circle, moons, cloud, wave, bar] = [figure('circle'), figure('moons'), clouds(), waves(), bars()]
export const conv = (filters: number, more: object = {}): Layer => ({ type: 'conv2d', filters, kernel: 3, padding: 1, ...more })
export const repeated = (count: number, block: () => Layer[]): Layer[] => Array.from({ length: count }, block).flat()
export const block = (units: number, initializer: Initializer): Layer => ({
  type: 'residual',
  layers: [{ type: 'dense', units, initializer }, { type: 'relu' }, { type: 'dense', units, initializer }],
})
export const bce = 'binaryCrossEntropy' as const
export const ce = 'crossEntropy' as const
