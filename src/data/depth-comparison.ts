/** One deep network in four forms that differ in what lets the gradient through to its first layers. */
import { batchNorm, dense, relu, residual, sigmoid } from '../model/layers.ts'
import type { Initializer, Layer, Training } from '../model/types.ts'
import { inEnglish } from '../words/english.ts'
import { message, type PlainCode } from '../words/say.ts'
import { figureDataset } from './synthetic.ts'
import type { Dataset } from './types.ts'

export interface Variant {
  name: string
  /** The name's code, where it is not the same in every language. */
  title?: PlainCode
  layers: Layer[]
}

const titled = (title: PlainCode, layers: Layer[]): Variant => ({ name: inEnglish({ code: title, values: {} }), title, layers })

/** Dense layers from the input to the output, and the neurons of each but the last. */
const [depth, width] = [20, 32]

/**
 * The same 20 dense layers (of 32, the last of 1 with a sigmoid) plain, with ReLU, with batch normalisation, and as residual blocks of two; all but the
 * ReLU with sigmoids. First weights after Glorot and Bengio (2010), which suit sigmoids, and for ReLU after He et al. (2015).
 */
export function depthVariants(): Variant[] {
  const glorot = { type: 'glorotUniform' } as const
  const full = (initializer: Initializer = glorot) => dense(width, { initializer })
  const repeated = (count: number, block: () => Layer[]) => Array.from({ length: count }, block).flat()
  const output = (): Layer[] => [dense(1, { initializer: glorot }), sigmoid()]
  return [
    titled('variant.plain', [...repeated(depth - 1, () => [full(), sigmoid()]), ...output()]),
    { name: 'ReLU', layers: [...repeated(depth - 1, () => [full({ type: 'heUniform' }), relu()]), ...output()] },
    titled('variant.batchNorm', [...repeated(depth - 1, () => [full(), batchNorm(), sigmoid()]), ...output()]),
    titled('variant.residual', [
      full(),
      sigmoid(),
      ...repeated((depth - 2) / 2, () => [residual([full(), sigmoid(), full()])]),
      ...output(),
    ]),
  ]
}

/** The variants on a figure that two layers would learn: a disc within a ring. The network trained alone is the residual one. */
export function depthComparison(seed: number) {
  const variants = depthVariants()
  return {
    dataset: figureDataset('circle', { seed, noise: 0.05 }) satisfies Dataset,
    layers: variants.at(-1)!.layers,
    variants,
    training: {
      loss: 'binaryCrossEntropy',
      optimizer: { type: 'adam', learningRate: 0.003 },
      batchSize: 32,
    } satisfies Omit<Training, 'seed'>,
    epochs: 40,
    shuffle: true,
    notes: [message('about.depth'), message('about.figure'), message('about.logit')],
  }
}
