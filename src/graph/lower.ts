import { innerOf } from '../model/catalogue/layers.ts'
import { inputTensor } from '../model/input-shape.ts'
import { parametersOf } from '../model/shapes.ts'
import type { Layer, Network } from '../model/types.ts'
import { fork } from './fork.ts'
import type { Graph, Shaped, Value } from './graph.ts'
import { loweringOf } from './layers.ts'

/** A network as a graph: where its numbers come in and go out, by the paths of the model file. */
export interface Lowered {
  input: Value
  output: Value
  parameters: Map<string, Value>
  /** Output of every layer by path, `input` and `output` besides. */
  outputs: Map<string, Value>
  /**
   * The input of each branch of a container, by the path of its list of layers, as this branch alone reads it: its gradient is what arrives through
   * the branch.
   */
  branchInputs: Map<string, Value>
}

/** What lowers a layer is given. */
export interface Lowering {
  graph: Graph
  path: string
  /** Its input. */
  x: Value
  /** A parameter or running statistic of the layer by its name; throws where it has none. */
  parameter(name: string): Value
  /** Its bias, if it has one. */
  bias(): { bias?: Value }
  /** The output of each list of layers within it, in order, which all read its input. */
  branches(): Value[]
  /** How many layers of this type came before it. */
  ordinal: number
}

const batchOf = (batch: number, sample: Shaped): Shaped => ({ ...sample, shape: [batch, ...sample.shape] })

/** Lowers a validated network into operations. */
export function lower(network: Network, graph: Graph): Lowered {
  const parameters = new Map<string, Value>()
  for (const { path, trainable, ...tensor } of parametersOf(network))
    parameters.set(path, graph.value(trainable ? 'parameter' : 'statistic', path, tensor))
  const input = graph.value('activation', 'input', batchOf(graph.batch, inputTensor(network)))
  const outputs = new Map([['input', input]])
  const branchInputs = new Map<string, Value>()
  const counts = new Map<string, number>()

  const through = (layers: readonly Layer[], prefix: string, from: Value): Value =>
    layers.reduce((x, layer, i) => {
      const path = `${prefix}.${i}`
      const output = lowered(layer, path, x)
      outputs.set(path, output)
      return output
    }, from)

  const lowered = (layer: Layer, path: string, x: Value): Value => {
    const ordinal = counts.get(layer.type) ?? 0
    counts.set(layer.type, ordinal + 1)
    return loweringOf(layer)(layer, {
      graph,
      path,
      x,
      ordinal,
      parameter(name) {
        const parameter = parameters.get(`${path}.${name}`)
        if (!parameter) throw new Error(`no parameter ${path}.${name}`)
        return parameter
      },
      bias() {
        const bias = parameters.get(`${path}.bias`)
        return bias ? { bias } : {}
      },
      branches() {
        const inner = innerOf(layer).map(({ name, layers }) => {
          const list = `${path}.${name}`
          const own = graph.add(fork, list, { x }, {}).y
          branchInputs.set(list, own)
          return { list, layers, own }
        })
        return inner.map(({ list, layers, own }) => through(layers, list, own))
      },
    })
  }

  const output = through(network.layers, 'layers', input)
  outputs.set('output', output)
  return { input, output, parameters, outputs, branchInputs }
}
