import type { ExpandedShader } from '../src/cli/compile-shaders.ts'
export { needsSubgroups } from '../src/cli/compile-shaders.ts'
import { preprocess, type Defines } from '../src/gpu/preprocess.ts'
import { shaderNames, shaderSource } from '../src/gpu/shader.ts'
import { kernelExpansions } from '../src/kernels/expansions.ts'
import { holdsSigmoid } from '../src/kernels/loss.ts'
import { matmul } from '../src/kernels/matmul.ts'
import { smallNetworkKernel } from '../src/kernels/smallNetwork.ts'
import { smallGraph, type SmallData } from '../src/graph/small-network.ts'
import { activationNames } from '../src/model/catalogue/activations.ts'
import { lossNames } from '../src/model/catalogue/losses.ts'
import { optimizerVariants } from '../src/model/catalogue/optimizers.ts'
import { dense, sequential, sigmoid, tanh } from '../src/model/layers.ts'
import { modelFormat, type Layer, type LossName, type ModelFile, type Optimizer } from '../src/model/types.ts'

const both = [false, true]

function* matmulExpansions(): Generator<{ shader: string; defines?: Defines }> {
  for (const transposeA of both)
    for (const transposeB of both) {
      const shape = { m: 4, n: 4, k: 4, transposeA, transposeB }
      for (const bias of both) {
        yield matmul(shape, { bias })
        for (const activation of activationNames) yield matmul(shape, { bias, activation })
      }
      for (const derivative of activationNames) yield matmul(shape, { derivative })
    }
}

/** A small network of two inputs and outputs as one kernel: each optimizer, loss and activation once, both ways in which lanes meet. */
function* smallExpansions(): Generator<{ shader: string; defines?: Defines }> {
  const network = (change: {
    loss?: LossName
    optimizer?: Optimizer
    activation?: Layer
    data?: Partial<SmallData>
    decayedFloats?: number
    shuffle?: boolean
  }) => {
    const {
      loss = 'mse',
      optimizer = { type: 'sgd', learningRate: 0.1 },
      activation = tanh(),
      data,
      decayedFloats = 256,
      shuffle = true,
    } = change
    const { layers } = sequential([2], [dense(3), activation, dense(2), ...(holdsSigmoid(loss) ? [sigmoid()] : [])])
    const model: ModelFile = { format: modelFormat, input: [2], layers, loss, optimizer, batchSize: 4, seed: 1 }
    const places = new Map<string, number>()
    const place = (path: string) => places.get(path) ?? places.set(path, 64 * places.size).get(path)!
    const arena = { parameterFloats: 256, decayedFloats, place }
    const graph = smallGraph(model, { source: 'f32', samples: 10, scalingWidth: 0, ...data }, arena, shuffle)
    if ('code' in graph) throw new Error(graph.code)
    return graph.small
  }
  const all = [
    ...optimizerVariants(0.1).map((optimizer) => network({ optimizer })),
    ...lossNames.map((loss) => network({ loss })),
    ...activationNames.map((type) => network({ activation: { type } as Layer })),
    network({ data: { source: 'u8', scalingWidth: 1 } }),
    network({ data: { scalingWidth: 2 }, shuffle: false }),
    network({ decayedFloats: 64 }),
  ]
  for (const small of all)
    for (const subgroups of both) {
      const { shader, defines } = smallNetworkKernel(small, { lanes: 4, subgroups })
      yield { shader, ...(defines && { defines }) }
    }
}

/** Every shader text that the engine can ask a device to compile, each once; and the files in shaders/ that none of them uses. */
export function allExpansions(): { shaders: ExpandedShader[]; unused: string[] } {
  const byCode = new Map<string, { name: string; tuned: boolean }>()
  const used = new Set<string>()
  const expand = (shader: string, defines: Defines = {}, tuned = false) => {
    const source = (name: string) => {
      used.add(name)
      return shaderSource(name)
    }
    const code = preprocess(shader, source, defines)
    const shown = Object.entries(defines).map(([key, value]) => `${key}=${value}`)
    if (!byCode.has(code)) byCode.set(code, { name: [shader, ...shown].join(' '), tuned })
  }
  for (const { shader, defines } of matmulExpansions()) expand(shader, defines)
  for (const { shader, defines } of smallExpansions()) expand(shader, defines, true)
  for (const { shader, defines, tuned } of kernelExpansions()) expand(shader, defines, tuned)
  // The shaders of src/inspect and src/view take no defines.
  for (const shader of shaderNames) if (!used.has(shader) && /@(compute|vertex|fragment)/.test(shaderSource(shader))) expand(shader)
  return {
    shaders: [...byCode].map(([code, { name, tuned }]) => ({ name, code, tuned })),
    unused: shaderNames.filter((name) => !used.has(name)),
  }
}
