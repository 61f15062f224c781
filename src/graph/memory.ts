import type { Own } from '../gpu/owned.ts'
import { bytesOf, valuesOf, type Graph, type Value } from './graph.ts'

/** Where each activation lies: the index of a slot, and the bytes each slot must have. */
export interface Placement {
  slots: Map<Value, number>
  sizes: number[]
}

const inSlots = (value: Value) => value.role === 'activation' || value.role === 'saved' || value.role === 'persistent'

/** When a value is there: from the node that makes it to the last that reads it, both included; −1 is before the first node. */
interface Lifetime {
  value: Value
  bytes: number
  first: number
  last: number
}

/**
 * Places activations by lifetime: the largest first, each in the smallest slot that is free while it lives, as "greedy by size for shared objects" of
 * Pisarchyk and Lee, "Efficient memory management for deep neural net inference" (2020). Values in `keep` hold their slot to the end, `persistent` ones
 * have one of their own. A node's outputs never share a slot with its inputs, since one buffer is never read and written in one dispatch.
 */
export function placeByLifetime(graph: Graph, keep: ReadonlySet<Value>): Placement {
  const slots = new Map<Value, number>()
  const sizes: number[] = []
  const held: Lifetime[][] = []
  const bySize = lifetimesOf(graph, keep).sort((a, b) => b.bytes - a.bytes || a.first - b.first)
  for (const lifetime of bySize) {
    // Slots come with falling sizes, so that the last free one is the smallest that it fits.
    let slot = held.findLastIndex((others) => others.every((other) => lifetime.last < other.first || other.last < lifetime.first))
    if (slot < 0) {
      slot = sizes.push(lifetime.bytes) - 1
      held.push([])
    }
    held[slot]!.push(lifetime)
    slots.set(lifetime.value, slot)
  }
  return { slots, sizes }
}

function lifetimesOf({ nodes }: Graph, keep: ReadonlySet<Value>): Lifetime[] {
  const lifetimes = new Map<Value, Lifetime>()
  const touch = (value: Value, at: number) => {
    if (!inSlots(value)) return
    const known = lifetimes.get(value)
    if (known) known.last = Math.max(known.last, at)
    else lifetimes.set(value, { value, bytes: bytesOf(value), first: at, last: at })
  }
  // What no node makes, the batch and its targets, is written before the first node runs.
  const made = new Set(nodes.flatMap((node) => valuesOf(node.outputs)))
  for (const node of nodes) for (const input of valuesOf(node.inputs)) if (!made.has(input)) touch(input, -1)
  nodes.forEach((node, at) => {
    for (const value of [...valuesOf(node.outputs), ...valuesOf(node.inputs)]) touch(value, at)
  })
  for (const [value, lifetime] of lifetimes) {
    if (value.role === 'persistent') lifetime.first = -1
    if (value.role === 'persistent' || keep.has(value)) lifetime.last = nodes.length
  }
  return [...lifetimes.values()]
}

/** Buffers that serve several placements in turn: the n-th largest slot of each lies in the n-th buffer. */
export function allocateSlots(
  device: GPUDevice,
  label: string,
  placements: readonly Placement[],
  own: Own,
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
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    return own(device.createBuffer({ label: `${label} ${n}`, size: Math.ceil(size / 16) * 16, usage }))
  })
  return {
    buffers,
    find(placement, value) {
      const slot = placement.slots.get(value)
      if (slot === undefined) throw new Error(`${value.name} has no place among the ${label}`)
      return buffers[rank.get(placement)!.indexOf(slot)]!
    },
  }
}
