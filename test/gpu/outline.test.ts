import { expect } from 'vitest'
import { openByDefault } from '../../src/view/collapse.ts'
import { createEngine, type Dataset } from '../../src/index.ts'
import type { Observation, TensorView } from '../../src/graph/observation.ts'
import type { Layer, LossName } from '../../src/model/types.ts'
import { outlineOf } from '../../src/train/outline.ts'
import { another, test } from '../kinds.ts'

const shapeOf = (tensor: TensorView | undefined) => tensor && { strides: tensor.strides, shape: tensor.shape.slice(1) }

/** All that places a network in the picture: everything but where its numbers lie and how many rows of them are kept. */
const placed = (observation: Observation) => ({
  columns: observation.columns.map(({ activation, gradient, bias, biasGradient, layers, ...column }) => ({
    ...column,
    layers: layers?.map(({ path }) => path),
    tensors: [activation, gradient, bias, biasGradient].map(shapeOf),
  })),
  blocks: observation.blocks.map(({ weight, gradient, ...block }) => ({ ...block, weight: shapeOf(weight), gradient: shapeOf(gradient) })),
  links: observation.links,
  containers: observation.containers.map(({ branches, ...container }) => ({
    ...container,
    branches: branches.map(({ arrival, ...branch }) => ({ ...branch, arrives: arrival !== undefined })),
  })),
  open: [...openByDefault(observation)],
})

interface Outlined {
  input: number[]
  layers: Layer[]
  loss: LossName
}
const networks: Record<'dense' | 'residual' | 'images', Outlined> = {
  dense: { input: [4], layers: [{ type: 'dense', units: 5 }, { type: 'tanh' }, { type: 'dense', units: 3 }], loss: 'crossEntropy' },
  residual: {
    input: [4],
    layers: [
      { type: 'dense', units: 6 },
      { type: 'batchNorm' },
      { type: 'relu' },
      {
        type: 'residual',
        layers: [
          { type: 'dense', units: 6 },
          { type: 'dropout', rate: 0.1 },
        ],
      },
      { type: 'concat', branches: [[{ type: 'dense', units: 2 }], []] },
      { type: 'dense', units: 3 },
    ],
    loss: 'crossEntropy',
  },
  images: {
    input: [2, 8, 8],
    layers: [
      { type: 'conv2d', filters: 4, kernel: 3, padding: 1, groups: 2 },
      { type: 'relu' },
      { type: 'residual', layers: [{ type: 'conv2d', filters: 4, kernel: 3, padding: 1 }] },
      { type: 'maxPool2d', size: 2 },
      { type: 'flatten' },
      { type: 'dense', units: 3 },
    ],
    loss: 'crossEntropy',
  },
}

const laid = '%s: the outline lies as the trained network does'
test(laid.replace('%s', 'images'), () => liesAsTrained(networks.images))
another.each(['dense', 'residual'] as const)(laid, (name) => liesAsTrained(networks[name]))

async function liesAsTrained({ input, layers, loss }: Outlined): Promise<void> {
  const engine = await createEngine()
  const features = input.reduce((product, size) => product * size, 1)
  const count = 12
  const dataset: Dataset = {
    name: 'noise',
    inputShape: input,
    outputs: 3,
    train: { count, x: new Float32Array(count * features).fill(0.5), y: Int32Array.from({ length: count }, (__, i) => i % 3) },
  }
  const trainer = await engine.trainer({ input, layers }, dataset, { loss, optimizer: { type: 'sgd', learningRate: 0.1 }, batchSize: 4 })
  const outline = outlineOf(engine.device, { input, layers }, loss)
  expect(placed(outline.observation)).toEqual(placed(trainer.observation()))
  outline.destroy()
  trainer.destroy()
  engine.destroy()
}
