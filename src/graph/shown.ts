import { bytesOf, valuesOf, type Value } from './graph.ts'
import { rows as copyRows } from './operations/rows.ts'
import { observedValues, type NetworkGraph } from './training-graph.ts'

/** What of a training step can be looked at after it. */
export interface Shown {
  /** Samples of the batch, the first ones. */
  rows: number
  /** Values that hold their memory to the end of the step. */
  keep: ReadonlySet<Value>
  /** The value that holds what can be seen of a layer's output or its gradient; undefined where its memory serves others. */
  of(value: Value): Value | undefined
}

/** All of every layer's output and of its gradient. */
export function showWhole(network: NetworkGraph): Shown {
  return { rows: network.graph.batch, keep: observedValues(network).add(network.rowResult), of: (value) => value }
}

/** Samples that are shown at most, and the bytes that they may take where one alone does not. */
const mostRows = 8
const mostBytes = 64 * 2 ** 20

/**
 * The first rows of what the picture has a column for, copied as they are made: all else shares memory by lifetime. To be called before fusion, which
 * stores them in the kernel that makes them where it can.
 */
export function showRows({ graph, lowered, anatomy, gradients, rowResult }: NetworkGraph): Shown {
  const columns = anatomy.columns.map(({ path }) => {
    const value = lowered.outputs.get(path)!
    return { path, values: [value, gradients.get(value)] }
  })
  const branches = [...lowered.branchInputs].map(([path, input]) => ({ path, values: [gradients.get(input)] }))
  const pictured = [...columns, ...branches].map(({ path, values }) => ({ path, values: values.filter((found) => found !== undefined) }))
  const bytesOfRow = pictured.flatMap(({ values }) => values).reduce((sum, value) => sum + bytesOf(value), 0) / graph.batch
  const rows = Math.min(graph.batch, mostRows, Math.max(1, Math.floor(mostBytes / bytesOfRow)))
  const shown = new Map<Value, Value>()
  for (const { path, values } of pictured)
    for (const from of values) {
      if (from === lowered.output || shown.has(from)) continue
      const copy = graph.value('persistent', `${from.name}:rows`, { ...from, shape: [rows, ...from.shape.slice(1)] })
      const made = graph.nodes.findIndex((node) => valuesOf(node.outputs).includes(from)) // −1: the batch, there before the first node
      graph.add(copyRows, path, { x: from }, { count: rows }, { copy })
      graph.nodes.splice(made + 1, 0, graph.nodes.pop()!)
      shown.set(from, copy)
    }
  const keep = new Set([rowResult, lowered.output])
  return { rows, keep, of: (value) => shown.get(value) ?? (value === lowered.output ? value : undefined) }
}
