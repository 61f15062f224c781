import { bytesOf, type Graph, type Value } from './graph.ts'

/** Where each activation lies: the index of a slot, and the bytes each slot must have. */
export interface Placement {
  slots: Map<Value, number>
  sizes: number[]
}

const inSlots = (value: Value) => value.role === 'activation' || value.role === 'saved' || value.role === 'persistent'

/**
 * Places activations by lifetime: a slot is free again after the last reader of its value (best fit, largest slots grow last). Values in `keep`
 * hold their slot to the end, `persistent` ones from the beginning. A node's outputs are placed before its inputs are freed, since one buffer is never read and written in one dispatch.
 */
export function placeByLifetime(graph: Graph, keep: ReadonlySet<Value>): Placement {
  const lastUse = new Map<Value, number>()
  graph.nodes.forEach((node, i) => {
    for (const value of [...node.inputs, ...node.outputs]) lastUse.set(value, i)
  })
  const slots = new Map<Value, number>()
  const sizes: number[] = []
  const free = new Set<number>()
  const take = (bytes: number) => {
    let best: number | undefined
    for (const slot of free) {
      const better = best === undefined || Math.abs(sizes[slot]! - bytes) < Math.abs(sizes[best]! - bytes)
      if (better) best = slot
    }
    if (best === undefined) best = sizes.push(0) - 1
    free.delete(best)
    sizes[best] = Math.max(sizes[best]!, bytes)
    return best
  }
  const place = (value: Value) => {
    if (inSlots(value) && !slots.has(value)) slots.set(value, take(bytesOf(value)))
  }
  // What no node makes, the batch and its targets, is written before the first node runs.
  const made = new Set(graph.nodes.flatMap((node) => node.outputs))
  for (const node of graph.nodes) node.inputs.filter((value) => !made.has(value)).forEach(place)
  graph.nodes.forEach((node, i) => {
    node.outputs.forEach(place)
    for (const value of new Set([...node.inputs, ...node.outputs]))
      if (inSlots(value) && lastUse.get(value) === i && !keep.has(value) && value.role !== 'persistent') free.add(slots.get(value)!)
  })
  return { slots, sizes }
}

/** Buffers that serve several placements in turn: the n-th largest slot of each lies in the n-th buffer. */
export function allocateSlots(
  device: GPUDevice,
  label: string,
  placements: readonly Placement[],
): { buffers: GPUBuffer[]; find(placement: Placement, value: Value): GPUBuffer } {
  const rank = new Map(
    placements.map((placement) => {
      const order = placement.sizes.map((_, slot) => slot).sort((p, q) => placement.sizes[q]! - placement.sizes[p]!)
      return [placement, order] as const
    }),
  )
  const count = Math.max(0, ...placements.map(({ sizes }) => sizes.length))
  const buffers = Array.from({ length: count }, (_, n) => {
    const size = Math.max(16, ...placements.map((placement) => placement.sizes[rank.get(placement)![n] ?? -1] ?? 0))
    return device.createBuffer({
      label: `${label} ${n}`,
      size: Math.ceil(size / 16) * 16,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    })
  })
  return { buffers, find: (placement, value) => buffers[rank.get(placement)!.indexOf(placement.slots.get(value)!)]! }
}
