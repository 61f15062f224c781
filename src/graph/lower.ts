import { activations } from '../kernels/activation.ts'
import { layerDefaults } from '../model/defaults.ts'
import { parametersOf } from '../model/shapes.ts'
import type { ActivationName, Conv2dLayer, Layer, Network } from '../model/types.ts'
import { channelsOf, isImages, type Graph, type Value } from './graph.ts'

/** A column of neurons in the picture, as values of the graph. */
export interface Column {
  path: string
  label: string
  value: Value
  bias?: Value
  /** The column before it, where no block and no link leads here. */
  after?: number
}
export interface Block {
  from: number
  to: number
  weight: Value
  /** Of a convolution. */
  groups?: number
}
export interface Link {
  from: number
  to: number
  fromFirst: number
  toFirst: number
  count: number
}

/** One way through a container: `input` is the container's input as this branch alone reads it, so that its gradient is what arrives through the branch. */
export interface Branch {
  path: string
  isBypass: boolean
  input: Value
}
/** A container and the columns that it made, `first` … `last`; it leads from one column to another. */
export interface Container {
  path: string
  type: 'residual' | 'concat'
  from: number
  to: number
  first: number
  last: number
  branches: Branch[]
}

/** A network as a graph: where its numbers come in and go out, and what the picture shows of it. */
export interface Lowered {
  input: Value
  output: Value
  parameters: Map<string, Value>
  /** Output of every layer by path, `input` and `output` besides. */
  outputs: Map<string, Value>
  columns: Column[]
  blocks: Block[]
  links: Link[]
  containers: Container[]
}

/** A value on its way through the layers, and the column that shows it. */
interface Place {
  value: Value
  column: number
  /** Another branch reads this column too: what changes the value makes a column of its own. */
  shared: boolean
}

/** The input's shape in the graph: a network that flattens its images at once never sees them as images, and its rows keep the data's order. */
export const inputShape = ({ input, layers }: Network): number[] =>
  layers[0]?.type === 'flatten' ? [input.reduce((product, n) => product * n, 1)] : input

/** Lowers a validated network into operations; containers become `add` and `concat`. */
export function lower(network: Network, graph: Graph): Lowered {
  return new Lowering(network, graph).run()
}

class Lowering {
  readonly #network: Network
  readonly #graph: Graph
  readonly #parameters = new Map<string, Value>()
  readonly #outputs = new Map<string, Value>()
  readonly #columns: Column[] = []
  readonly #blocks: Block[] = []
  readonly #links: Link[] = []
  readonly #containers: Container[] = []
  #dropouts = 0

  constructor(network: Network, graph: Graph) {
    this.#network = network
    this.#graph = graph
    for (const spec of parametersOf(network))
      this.#parameters.set(spec.path, graph.value(spec.trainable ? 'parameter' : 'statistic', spec.path, spec.shape))
  }

  run(): Lowered {
    const { layers } = this.#network
    const shape = inputShape(this.#network)
    const input = this.#graph.value('activation', 'input', [this.#graph.batch, ...shape])
    const size = shape.filter((n, i) => i > 0 || n > 1 || shape.length === 1).join(' × ')
    this.#columns.push({ path: 'input', label: `input ${size}`, value: input })
    this.#outputs.set('input', input)
    const { value: output } = this.#layers(layers, 'layers', { value: input, column: 0, shared: false })
    this.#outputs.set('output', output)
    return {
      input,
      output,
      parameters: this.#parameters,
      outputs: this.#outputs,
      columns: this.#columns,
      blocks: this.#blocks,
      links: this.#links,
      containers: this.#containers,
    }
  }

  #layers(layers: readonly Layer[], prefix: string, from: Place): Place {
    return layers.reduce((place, layer, i) => {
      const path = `${prefix}.${i}`
      const next = this.#layer(layer, path, place)
      this.#outputs.set(path, next.value)
      return next
    }, from)
  }

  #layer(layer: Layer, path: string, from: Place): Place {
    switch (layer.type) {
      case 'dense':
        return this.#dense(path, layer.units, from)
      case 'batchNorm':
      case 'layerNorm':
        return this.#norm(layer, path, from)
      case 'dropout': {
        const ordinal = this.#dropouts++
        if (!this.#graph.training) return from
        return this.#change(
          path,
          `dropout ${layer.rate}`,
          this.#graph.add('dropout', path, [from.value], { rate: layer.rate, ordinal })[0]!,
          from,
        )
      }
      case 'flatten':
        return isImages(from.value) ? this.#move('flatten', path, 'flatten', from, {}) : from
      case 'conv2d':
        return this.#conv2d(path, layer, from)
      case 'maxPool2d':
      case 'avgPool2d': {
        const { size, stride = size } = layer
        const padding = layer.type === 'maxPool2d' ? (layer.padding ?? layerDefaults.padding) : 0
        const pooling = layer.type === 'maxPool2d' ? 'max' : 'average'
        return this.#move('pool', path, `${layer.type} ${size}`, from, { pooling, size, stride, padding })
      }
      case 'globalAvgPool2d':
        return this.#move('globalPool', path, layer.type, from, {})
      case 'residual':
        return this.#residual(path, layer.layers, layer.shortcut ?? [], from)
      case 'concat':
        return this.#concat(path, layer.branches, from)
      default: {
        const parameter = 'slope' in layer ? layer.slope : 'alpha' in layer ? layer.alpha : undefined
        const attributes = { name: layer.type, parameter: parameter ?? activations[layer.type as ActivationName].parameter }
        return this.#change(path, layer.type, this.#graph.add('activation', path, [from.value], attributes)[0]!, from)
      }
    }
  }

  #dense(path: string, units: number, from: Place): Place {
    const weight = this.#parameter(`${path}.weight`)
    const bias = this.#parameters.get(`${path}.bias`)
    const value = this.#graph.add('linear', path, [from.value, weight, ...(bias ? [bias] : [])])[0]!
    const column = this.#columns.push({ path, label: `dense ${units}`, value, ...(bias ? { bias } : {}) }) - 1
    this.#blocks.push({ from: from.column, to: column, weight })
    return { value, column, shared: false }
  }

  #conv2d(path: string, layer: Conv2dLayer, from: Place): Place {
    const { filters, kernel, stride, padding, dilation, groups } = { ...layerDefaults, ...layer }
    const bias = this.#parameters.get(`${path}.bias`)
    const inputs = [from.value, this.#parameter(`${path}.weight`), ...(bias ? [bias] : [])]
    const value = this.#graph.add('conv2d', path, inputs, { stride, padding, dilation, groups })[0]!
    const label = `conv2d ${filters} of ${kernel} × ${kernel}`
    const column = this.#columns.push({ path, label, value, ...(bias ? { bias } : {}) }) - 1
    this.#blocks.push({ from: from.column, to: column, weight: inputs[1]!, groups })
    return { value, column, shared: false }
  }

  /** A layer after which the neurons are others, or stand elsewhere: a column of its own. */
  #move(op: string, path: string, label: string, from: Place, attributes: Record<string, unknown>): Place {
    const value = this.#graph.add(op, path, [from.value], attributes)[0]!
    return { value, column: this.#columns.push({ path, label, value, after: from.column }) - 1, shared: false }
  }

  #norm(layer: Extract<Layer, { type: 'batchNorm' | 'layerNorm' }>, path: string, from: Place): Place {
    const inputs = [from.value, this.#parameter(`${path}.weight`), this.#parameter(`${path}.bias`)]
    const eps = layer.eps ?? 1e-5
    if (layer.type === 'layerNorm') return this.#change(path, 'layerNorm', this.#graph.add('layerNorm', path, inputs, { eps })[0]!, from)
    inputs.push(this.#parameter(`${path}.running_mean`), this.#parameter(`${path}.running_var`))
    const op = this.#graph.training ? 'batchNorm' : 'batchNormEvaluate'
    return this.#change(path, 'batchNorm', this.#graph.add(op, path, inputs, { eps, momentum: layer.momentum ?? 0.1 })[0]!, from)
  }

  #residual(path: string, layers: readonly Layer[], shortcut: readonly Layer[], from: Place): Place {
    const branches = { [`${path}.layers`]: layers, [`${path}.shortcut`]: shortcut }
    return this.#container(path, 'residual', branches, from, ([through, around]) => {
      const value = this.#graph.add('add', path, [through!.value, around!.value])[0]!
      const count = channelsOf(value)
      if (through!.column === from.column || through!.shared) return this.#join(path, `sum ${count}`, value, [through!, around!], [0, 0])
      // The branch's last column becomes the sum; the bypass runs into it.
      this.#link(around!.column, through!.column, 0, 0, count)
      return this.#change(path, '+ shortcut', value, through!)
    })
  }

  #concat(path: string, branches: readonly (readonly Layer[])[], from: Place): Place {
    const named = Object.fromEntries(branches.map((branch, b) => [`${path}.branches.${b}`, branch]))
    return this.#container(path, 'concat', named, from, (ends) => {
      const value = this.#graph.add(
        'concat',
        path,
        ends.map((end) => end.value),
      )[0]!
      let first = 0
      const starts = ends.map((end) => {
        const at = first
        first += channelsOf(end.value)
        return at
      })
      return this.#join(path, `join ${channelsOf(value)}`, value, ends, starts)
    })
  }

  /** Branches from one value, each of which reads it as a fork of its own; `meet` says how they come together. */
  #container(
    path: string,
    type: Container['type'],
    layers: Readonly<Record<string, readonly Layer[]>>,
    from: Place,
    meet: (ends: Place[]) => Place,
  ): Place {
    const first = this.#columns.length
    const branches = Object.entries(layers).map(([name, branch]): Branch => ({
      path: name,
      isBypass: branch.length === 0,
      input: this.#graph.add('fork', name, [from.value])[0]!,
    }))
    const ends = branches.map(({ path: name, input }) =>
      this.#layers(layers[name]!, name, { value: input, column: from.column, shared: true }),
    )
    const place = meet(ends)
    const last = this.#columns.length - 1
    this.#containers.push({ path, type, from: from.column, to: place.column, first, last, branches })
    return place
  }

  /** A column of its own for a value that several branches flow into. */
  #join(path: string, label: string, value: Value, from: readonly Place[], starts: readonly number[]): Place {
    const column = this.#columns.push({ path, label, value }) - 1
    from.forEach((place, i) => this.#link(place.column, column, 0, starts[i]!, channelsOf(place.value)))
    return { value, column, shared: false }
  }

  #link(from: number, to: number, fromFirst: number, toFirst: number, count: number) {
    this.#links.push({ from, to, fromFirst, toFirst, count })
  }

  /** A layer that changes neurons one by one: the column shows the changed value. */
  #change(path: string, label: string, value: Value, from: Place): Place {
    if (from.shared || from.column === 0) return this.#join(path, `${label} ${channelsOf(value)}`, value, [from], [0])
    const column = this.#columns[from.column]!
    column.value = value
    column.path = path
    column.label += ` · ${label}`
    return { value, column: from.column, shared: false }
  }

  #parameter(path: string): Value {
    const parameter = this.#parameters.get(path)
    if (!parameter) throw new Error(`no parameter ${path}`)
    return parameter
  }
}
