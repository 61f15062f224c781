import type { Observation, TensorView } from '../../src/graph/observation.ts'
import { trainingGraph } from '../../src/graph/training-graph.ts'
import { sequential } from '../../src/model/layers.ts'
import type { Layer } from '../../src/model/types.ts'

/** What a trainer would let be seen of a network, without its numbers. */
export function observed(input: number[], layers: Layer[]): Observation {
  const { lowered, anatomy, gradients } = trainingGraph(sequential(input, layers), 'crossEntropy', 2)
  const view = {} as TensorView
  return {
    step: 1,
    batch: 2,
    columns: anatomy.columns.map(({ path, label, words, after, layers: own }) => {
      const shape = lowered.outputs.get(path)!.shape.slice(1)
      const width = shape.reduce((product, n) => product * n, 1)
      return {
        path,
        label,
        words,
        width,
        shape,
        activation: view,
        layers: own.map((layer) => ({ path: layer })),
        ...(after !== undefined && { after }),
      }
    }),
    blocks: anatomy.blocks.map(({ from, to, weight }) => ({ path: weight, from, to, weight: view, gradient: view })),
    links: anatomy.links,
    parameters: [],
    containers: anatomy.containers.map(({ branches, ...container }) => ({
      ...container,
      branches: branches.map(({ path, isBypass }) => ({
        path,
        isBypass,
        ...(gradients.has(lowered.branchInputs.get(path)!) && { arrival: view }),
      })),
    })),
  }
}
