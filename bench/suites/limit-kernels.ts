import { packParams, type Kernel } from '../../src/gpu/kernel.ts'

/** Kernels that do one thing alone, so that its cost can be told; their text is in bench/shaders/. */

export type Lane = 'f32' | 'vec4f' | 'vec4h'
export const lanesOf: Record<Lane, number> = { f32: 1, vec4f: 4, vec4h: 4 }

export interface MultiplyAdd {
  lane: Lane
  /** Independent accumulators of a thread. */
  chains: number
  threads: number
  turns: number
  /** Multiply-adds of an accumulator that follow each other in a turn: software adapters pay for every variable a turn. */
  aTurn: number
}

const factor = 0.999
const summand = 0.001
const threadsPerGroup = 64

/** Binds the result, an element a thread. */
export function multiplyAdd({ lane, chains, threads, turns, aTurn }: MultiplyAdd): Kernel {
  const chained = (a: string) => `${'fma('.repeat(aTurn)}${a}${', factor, summand)'.repeat(aTurn)}`
  const each = (text: (i: number) => string) => Array.from({ length: chains }, (_, i) => text(i))
  const half = lane === 'vec4h'
  return {
    label: `multiply-add ${lane}×${chains}×${aTurn}`,
    shader: 'limitMultiplyAdd',
    defines: {
      HALF: half,
      SCALAR: half ? 'f16' : 'f32',
      ELEMENT: lane,
      WORKGROUP: threadsPerGroup,
      DECLARED: each((i) => `var a${i} = ${lane}(first + ${i}.0);`).join(' '),
      CHAINED: each((i) => `a${i} = ${chained(`a${i}`)};`).join(' '),
      TOTAL: each((i) => `a${i}`).join(' + '),
    },
    params: packParams(turns, { f: factor }, { f: summand }),
    access: ['write'],
    workgroups: [threads / threadsPerGroup, 1, 1],
  }
}

/** What thread 0 must find: x ← x · factor + summand goes to 1. */
export function multiplyAddResult({ chains, turns, aTurn }: MultiplyAdd): number {
  let total = 0
  for (let i = 0; i < chains; i++) total += 1 + (i - 1) * factor ** (turns * aTurn)
  return total
}

export interface Tile {
  /** Sums of a thread, and products of a sum in a turn. */
  rows: number
  columns: number
  depth: number
  threads: number
  turns: number
}

/** How far the operands are from each other. */
const spread = 0.001

/** Binds the result, a number a thread: the sum of all its sums. */
export const tile = ({ rows, columns, depth, threads, turns }: Tile): Kernel => ({
  label: `tile ${rows}×${columns}×${depth}`,
  shader: 'limitTile',
  defines: { WORKGROUP: threadsPerGroup, ROWS: rows, COLUMNS: columns, DEPTH: depth, SPREAD: spread },
  params: packParams(turns, { f: factor }, { f: summand }),
  access: ['write'],
  workgroups: [threads / threadsPerGroup, 1, 1],
})

/** What a thread does in all: its products, and what gives their operands. */
export const tileMultiplyAdds = ({ rows, columns, depth, turns }: Tile): number => (rows * columns + rows + columns) * depth * turns

/** What thread 0 must find. */
export function tileResult({ rows, columns, depth, turns }: Tile): number {
  const operands = (count: number, q: number, sign: number, t: number) =>
    Array.from({ length: count }, (_, i) => t * (1 + sign * spread * (i * depth + q)) + summand).reduce((sum, value) => sum + value)
  let [sum, t] = [0, 1]
  for (let turn = 0; turn < turns; turn++) {
    for (let q = 0; q < depth; q++) sum += operands(rows, q, 1, t) * operands(columns, q, -1, t)
    t = t * factor + summand
  }
  return sum
}

/** Copies `elements` vec4f, `perThread` a thread. Binds source and copy. */
export function copy(elements: number, threads: number, perThread: number): Kernel {
  const groups = elements / threads / perThread
  const columns = Math.min(groups, 32_768)
  return {
    label: `copy ${threads}×${perThread}`,
    shader: 'limitCopy',
    defines: {
      ELEMENT: 'vec4f',
      WORKGROUP: threads,
      EACHGROUP: `${threads * perThread}u`,
      COPIED: Array.from({ length: perThread }, (_, i) => `copied[base + ${i * threads}u] = source[base + ${i * threads}u];`).join(' '),
    },
    access: ['read', 'write'],
    workgroups: [columns, groups / columns, 1],
  }
}

/** Adds `by` to a counter in each of `groups` · 64 threads. Binds the counters. */
export const tick = (groups: number, by = 1): Kernel => ({
  label: `tick ${groups}`,
  shader: 'limitTick',
  defines: { BY: `${by}u` },
  access: ['write'],
  workgroups: [groups, 1, 1],
})

/** One workgroup that goes `turns` times through two barriers, or through none. Binds the result. */
export const barrier = (threads: number, turns: number, barriers: boolean): Kernel => ({
  label: `barrier ${threads}`,
  shader: 'limitBarrier',
  defines: { WORKGROUP: `${threads}u`, BARRIER: barriers },
  params: packParams(turns),
  access: ['write'],
  workgroups: [1, 1, 1],
})
