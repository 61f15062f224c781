import type { Observation, TensorView } from '../../src/graph/observation.ts'
import { trainingGraph } from '../../src/graph/training-graph.ts'
import { sequential } from '../../src/model/layers.ts'
import type { Layer } from '../../src/model/types.ts'

/** What a trainer would let be seen of a network, without its numbers. */
export function observed(input: number[], layers: Layer[]): Observation {
  const { lowered, gradients } = trainingGraph(sequential(input, layers), 'crossEntropy', 2)
  const view = {} as TensorView
  return {
    step: 1,
    batch: 2,
    columns: lowered.columns.map(({ path, label, value, after }) => {
      const shape = value.shape.slice(1)
      const width = shape.reduce((product, n) => product * n, 1)
      return { path, label, width, shape, activation: view, ...(after !== undefined && { after }) }
    }),
    blocks: lowered.blocks.map(({ from, to, weight }) => ({ path: weight.name, from, to, weight: view, gradient: view })),
    links: lowered.links,
    parameters: [],
    containers: lowered.containers.map(({ branches, ...container }) => ({
      ...container,
      branches: branches.map(({ path, isBypass, input: value }) => ({ path, isBypass, ...(gradients.has(value) && { arrival: view }) })),
    })),
  }
}
