import { expect, test } from 'vitest'
import { fuse } from '../../src/graph/fuse.ts'
import { neededByBackward } from '../../src/graph/needed.ts'
import { trainingGraph } from '../../src/graph/training-graph.ts'
import { batchNorm, conv2d, dense, flatten, relu, sequential } from '../../src/model/layers.ts'

test('what the backward pass reads: inputs of products, of norms and outputs of activations, each once', () => {
  const network = sequential([2, 4, 4], [conv2d(3, 3, { bias: false }), batchNorm(), relu(), flatten(), dense(5), relu(), dense(2)])
  const step = trainingGraph(network, 'crossEntropy', 7)
  fuse(step.graph, new Set())
  const shapes = [...neededByBackward(step)].map(({ shape }) => shape.join('×'))
  expect(shapes.toSorted()).toEqual(
    [
      '7×2×4×4', // the batch, for the convolution's weight
      '7×3×2×2', // what the norm reads
      '2×3', // its means and inverse deviations
      '7×3×2×2', // relu's output, for its derivative; flattened it is another value
      '7×12', // for the first dense layer's weight
      '7×5', // relu's output, for its derivative and the second dense layer's weight
      '7×2', // the output, for the loss
    ].toSorted(),
  )
})
