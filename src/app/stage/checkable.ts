/** Parameters whose gradients the card can check: of a picked edge its weight, of a neuron its bias and what norms scale and shift it by. */
import { nodesOf, type Observation } from '../../graph/observation.ts'
import type { Picked } from '../../view/types.ts'

export interface Checkable {
  path: string
  /** In the tensor, as PyTorch counts. */
  index: number
}

export function checkableOf(picked: Picked | null, observation: Observation | null): Checkable[] {
  if (!picked || !observation) return []
  if (picked.kind === 'edge') {
    const block = observation.blocks[picked.block]
    if (!block) return []
    // Of a filter the weight in its middle.
    const [, width = 1, ...kernel] = block.weight.shape
    const size = kernel.reduce((product, n) => product * n, 1)
    return [{ path: block.path, index: (picked.row * width + picked.column) * size + Math.floor(size / 2) }]
  }
  if (picked.kind !== 'neuron') return []
  const column = observation.columns[picked.column]
  const own = column && placeOf(column.path)
  if (!column || !own) return []
  const before = observation.columns.slice(0, picked.column).flatMap(({ path }) => placeOf(path) ?? [])
  const first = Math.max(-1, ...before.filter(({ list }) => list === own.list).map(({ number }) => number))
  const channel = picked.index % nodesOf(column)
  return observation.parameters.flatMap(({ path, layer, kind, weight }) => {
    const place = placeOf(layer)
    if (kind === 'weight' || !place || place.list !== own.list || place.number > own.number || place.number <= first) return []
    const count = weight.shape.reduce((product, n) => product * n, 1)
    return count === nodesOf(column) ? [{ path, index: channel }] : []
  })
}

/** A layer's list, and its number there. */
function placeOf(path: string): { list: string; number: number } | null {
  const found = /^(.*)\.(\d+)$/.exec(path)
  return found && { list: found[1]!, number: Number(found[2]) }
}
