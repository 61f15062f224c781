/** A walk through the network by arrow keys: from a neuron along an edge to the neuron that it leads to, and across. */
import { nodesOf, type Observation } from '../../graph/observation.ts'
import type { Picked } from '../../view/types.ts'

type Network = Pick<Observation, 'columns' | 'blocks'>
/** A neuron or an edge at which the walk stands. */
export type Position = Extract<Picked, { kind: 'neuron' | 'edge' }>
/** Along the network, towards its output or its input; across it, from neuron to neuron; or to either end. */
export type Way = 'on' | 'back' | 'next' | 'previous' | 'first' | 'last'

/** Where a walk begins: the middle neuron of the input. */
export const begin = (network: Network): Position => neuron(network, 0, middleOf(network, 0))

/** The position after one step; the same where there is no further one. */
export function walk(network: Network, at: Position, way: Way): Position {
  const { columns } = network
  if (way === 'first') return neuron(network, 0, middleOf(network, 0))
  if (way === 'last') return neuron(network, columns.length - 1, middleOf(network, columns.length - 1))
  return at.kind === 'neuron' ? fromNeuron(network, at, way) : fromEdge(network, at, way)
}

function fromNeuron(network: Network, at: Extract<Position, { kind: 'neuron' }>, way: 'on' | 'back' | 'next' | 'previous'): Position {
  const { columns, blocks } = network
  const { column, index } = at
  const [nodes, node] = [nodesOf(columns[column]!), nodeOf(network, column, index)]
  if (way === 'next' || way === 'previous') {
    const other = node + (way === 'next' ? 1 : -1)
    return other < 0 || other >= nodes ? at : { ...at, index: index + other - node }
  }
  const block = blocks.findIndex(({ from, to }) => (way === 'on' ? from : to) === column)
  if (block < 0) {
    // Pooling and joins have no weights: on to the neighbour, at the same share of its height.
    const neighbour = column + (way === 'on' ? 1 : -1)
    if (neighbour < 0 || neighbour >= columns.length) return at
    const share = Math.floor(((node + 0.5) * nodesOf(columns[neighbour]!)) / nodes)
    return neuron(network, neighbour, share)
  }
  const [rows = 1, width = 1] = blocks[block]!.gradient.shape
  const { groups = 1 } = blocks[block]!
  const inGroup = rows / groups
  return way === 'on'
    ? edge(network, block, Math.floor(node / width) * inGroup + Math.floor((inGroup - 1) / 2), node % width)
    : edge(network, block, node, Math.floor((width - 1) / 2))
}

function fromEdge(network: Network, at: Extract<Position, { kind: 'edge' }>, way: 'on' | 'back' | 'next' | 'previous'): Position {
  const { block, row, column, from, to } = at
  const [rows = 1, width = 1] = network.blocks[block]!.gradient.shape
  const { groups = 1 } = network.blocks[block]!
  const inGroup = rows / groups
  if (way === 'on') return neuron(network, to, row)
  if (way === 'back') return neuron(network, from, Math.floor(row / inGroup) * width + column)
  // Over all edges of the neuron that it comes from, then over those of its neighbour.
  const first = row - (row % inGroup)
  const next = (row % inGroup) + (way === 'next' ? 1 : -1)
  if (next >= 0 && next < inGroup) return edge(network, block, first + next, column)
  const beside = column + (way === 'next' ? 1 : -1)
  return beside < 0 || beside >= width ? at : edge(network, block, first + (way === 'next' ? 0 : inGroup - 1), beside)
}

/** A neuron; of feature maps the middle pixel of a channel. */
function neuron({ columns }: Network, column: number, node: number): Position {
  const { path, shape } = columns[column]!
  const [channels = 1, height = 1, width = 1] = shape
  const pixel = shape.length === 3 ? Math.floor(height / 2) * width + Math.floor(width / 2) : 0
  return { kind: 'neuron', column, path, index: pixel * channels + node }
}

const edge = ({ blocks }: Network, block: number, row: number, column: number): Position => {
  const { path, from, to } = blocks[block]!
  return { kind: 'edge', block, path, row, column, from, to }
}

const middleOf = ({ columns }: Network, column: number): number => Math.floor((nodesOf(columns[column]!) - 1) / 2)

/** Which neuron or channel it is. */
const nodeOf = ({ columns }: Network, column: number, index: number): number => index % nodesOf(columns[column]!)
