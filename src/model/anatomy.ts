/** What a picture shows of a network: columns of neurons and what lies between them. A function of its layers alone; numbers are found by path. */
import { inEnglish } from '../words/english.ts'
import { message, type Message } from '../words/say.ts'
import { innerOf, kindOf } from './catalogue/layers.ts'
import type { Connection } from './catalogue/layer-kind.ts'
import { outputShape } from './shapes.ts'
import { inputShape } from './input-shape.ts'
import type { Layer, Network } from './types.ts'

/** Neurons beside each other, or a stack of feature maps: what one layer with weights (and what follows it) puts out, or pooling, the input, or a join. */
export interface Column {
  /** Path of the layer whose output it shows, `input` of the first. */
  path: string
  /** Paths of the layers that it is made of, in order, `path` the last; none of the input. */
  layers: string[]
  /** In English: `dense 64 · tanh`. */
  label: string
  /** The label's parts before they are said in a language. */
  words: Message[]
  /** Path of the bias that the neurons have. */
  bias?: string
  /** The column before it, where no block and no link leads here. */
  after?: number
}

/** Weights from one column to another. */
export interface Block {
  from: number
  to: number
  /** Path of the weight. */
  weight: string
  /** Of a convolution: output channels of group g read the input channels of group g alone. */
  groups?: number
}

/** A connection without weights: features, or channels, [fromFirst, +count) of `from` go to [toFirst, +count) of `to`. */
export interface Link {
  from: number
  to: number
  fromFirst: number
  toFirst: number
  count: number
}

/** One way through a container, by the path of its list of layers. */
export interface Branch {
  path: string
  /** No layers: what comes in goes out as it is. */
  isBypass: boolean
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

export interface Anatomy {
  columns: Column[]
  blocks: Block[]
  links: Link[]
  containers: Container[]
}

const labelOf = (words: readonly Message[]): string => words.map(inEnglish).join(' · ')

/** Of a network that chains. */
export const anatomyOf = (network: Network): Anatomy => new Anatomist(network).anatomy

/** How far the layers have come: the shape of a sample there, and the column that shows it. */
interface Place {
  shape: number[]
  column: number
  /** Another branch reads this column too: what changes the value makes a column of its own. */
  isShared: boolean
}

/** Features, or channels. */
const widthOf = ([width = 1]: readonly number[]) => width

class Anatomist {
  readonly anatomy: Anatomy = { columns: [], blocks: [], links: [], containers: [] }

  constructor(network: Network) {
    const shape = inputShape(network)
    const size = shape.filter((n, i) => i > 0 || n > 1 || shape.length === 1).join(' × ')
    this.#column({ path: 'input', words: [message('layers.input', { size })] })
    this.#layers(network.layers, 'layers', { shape, column: 0, isShared: false })
  }

  #layers(layers: readonly Layer[], prefix: string, from: Place): Place {
    return layers.reduce((place, layer, i) => this.#layer(layer, `${prefix}.${i}`, place), from)
  }

  #layer(layer: Layer, path: string, from: Place): Place {
    const kind = kindOf(layer)
    const shape = outputShape(layer, from.shape, path)
    const label = message('layers.pictured', {
      type: layer.type,
      title: kind.title,
      label: kind.label?.(layer) ?? layer.type,
      settings: layer,
    })
    switch (kind.picture) {
      case 'weights':
        return this.#weights(path, label, shape, kind.connection?.(layer) ?? { hasBias: false }, from)
      case 'change':
        return this.#change(path, label, { ...from, shape })
      case 'move':
        return shape.length === from.shape.length && shape.length === 1 ? from : this.#move(path, label, shape, from)
      case 'sum':
      case 'join':
        return this.#container(layer, path, kind.picture, from)
    }
  }

  #weights(path: string, label: Message, shape: number[], { hasBias, groups }: Connection, from: Place): Place {
    const column = this.#column({ path, words: [label], ...(hasBias && { bias: `${path}.bias` }) })
    this.anatomy.blocks.push({ from: from.column, to: column, weight: `${path}.weight`, ...(groups !== undefined && { groups }) })
    return { shape, column, isShared: false }
  }

  /** A layer after which the neurons are others, or stand elsewhere: a column of its own. */
  #move(path: string, label: Message, shape: number[], from: Place): Place {
    return { shape, column: this.#column({ path, words: [label], after: from.column }), isShared: false }
  }

  /** A layer that changes neurons one by one: the column shows the changed value. */
  #change(path: string, label: Message, from: Place): Place {
    if (from.isShared || from.column === 0)
      return this.#join(path, message('layers.changed', { label, width: widthOf(from.shape) }), from.shape, [from], [0])
    const column = this.anatomy.columns[from.column]!
    column.path = path
    column.layers.push(path)
    column.words.push(label)
    column.label = labelOf(column.words)
    return { ...from, isShared: false }
  }

  #container(layer: Layer, path: string, meets: 'sum' | 'join', from: Place): Place {
    const first = this.anatomy.columns.length
    const inner = innerOf(layer).map((list) => ({ ...list, path: `${path}.${list.name}` }))
    const ends = inner.map(({ layers, path: own }) => this.#layers(layers, own, { ...from, isShared: true }))
    const place = meets === 'sum' ? this.#sum(path, ends as [Place, Place], from) : this.#joinBranches(path, ends)
    const branches = inner.map(({ path: own, layers }): Branch => ({ path: own, isBypass: layers.length === 0 }))
    const last = this.anatomy.columns.length - 1
    this.anatomy.containers.push({
      path,
      type: layer.type as Container['type'],
      from: from.column,
      to: place.column,
      first,
      last,
      branches,
    })
    return place
  }

  /** The branch's last column becomes the sum, and the bypass runs into it; a column of its own where there is no such column. */
  #sum(path: string, [through, around]: [Place, Place], from: Place): Place {
    const { shape } = through
    if (through.column === from.column || through.isShared)
      return this.#join(path, message('layers.sum', { width: widthOf(shape) }), shape, [through, around], [0, 0])
    this.anatomy.links.push({ from: around.column, to: through.column, fromFirst: 0, toFirst: 0, count: widthOf(shape) })
    return this.#change(path, message('layers.plusShortcut'), through)
  }

  #joinBranches(path: string, ends: readonly Place[]): Place {
    let width = 0
    const starts = ends.map((end) => {
      const start = width
      width += widthOf(end.shape)
      return start
    })
    return this.#join(path, message('layers.join', { width }), [width, ...ends[0]!.shape.slice(1)], ends, starts)
  }

  /** A column of its own for a value that several branches flow into. */
  #join(path: string, label: Message, shape: number[], from: readonly Place[], starts: readonly number[]): Place {
    const column = this.#column({ path, words: [label] })
    from.forEach((place, i) =>
      this.anatomy.links.push({ from: place.column, to: column, fromFirst: 0, toFirst: starts[i]!, count: widthOf(place.shape) }),
    )
    return { shape, column, isShared: false }
  }

  #column(column: Omit<Column, 'label' | 'layers'>): number {
    const layers = column.path === 'input' ? [] : [column.path]
    return this.anatomy.columns.push({ ...column, layers, label: labelOf(column.words) }) - 1
  }
}
