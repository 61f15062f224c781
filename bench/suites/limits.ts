import type { Contestant, Measured } from '../rounds.ts'
import type { Row, Unit } from '../result.ts'
import { summarize } from '../statistics.ts'
import { EmptyBuffer, type Prepared, type Slices, type Workbench } from '../workbench.ts'
import type { SuiteContext } from './context.ts'
import {
  barrier,
  copy,
  lanesOf,
  multiplyAdd,
  multiplyAddResult,
  tick,
  tile,
  tileMultiplyAdds,
  tileResult,
  type Lane,
} from './limit-kernels.ts'

/** What the adapter can do at most, one thing at a time. Each limit is checked to have done its work: `error` is that of the result. */
interface Limit {
  name: string
  unit: Unit
  /** From milliseconds a unit of work to the row's unit. */
  figure(milliseconds: number): number
  contestant: Contestant
  /** What it did so far is right to within this share. */
  error(): Promise<number>
  prepared: Prepared
  /** Its time is taken off, round by round: the same work without what is measured. */
  baseline?: Prepared
}

const maximumError = 1e-3
const perMicrosecond = (milliseconds: number) => milliseconds * 1000

/** With one multiply-add of an accumulator a turn of the loop, and with eight. */
const widths: [lane: Lane, chains: number, aTurn: number][] = [
  ['f32', 1, 1],
  ['f32', 4, 1],
  ['f32', 8, 1],
  ['f32', 16, 1],
  ['vec4f', 1, 1],
  ['vec4f', 2, 1],
  ['vec4f', 4, 1],
  ['vec4f', 8, 1],
  ['f32', 4, 8],
  ['f32', 8, 8],
  ['vec4f', 1, 8],
  ['vec4f', 2, 8],
  ['vec4f', 4, 8],
]
/** Of what the matrix product has: as large as software adapters have them, and as GPUs do. */
const tiles = { software: [32, 8, 8], hardware: [8, 8, 4] } as const
const copies: [threads: number, perThread: number][] = [
  [64, 1],
  [64, 8],
  [256, 1],
  [256, 8],
]
/** Enough threads to fill a GPU; a software adapter has a few only. */
const threads = { software: 16_384, hardware: 1 << 20 }
/** Multiply-adds of a thread in one dispatch. */
const multiplyAdds = 16_384
/** Each of the two buffers of a copy, beyond every cache of its adapter. */
const copyBytes = { software: 32 << 20, hardware: 512 << 20 }
const barrierTurns = 500
const barrierThreads = [8, 32, 64, 256]
const halfWidths: typeof widths = [['vec4h', 4, 8]]

const multiplyAddName = ([lane, chains, aTurn]: (typeof widths)[number]) => `fma-${lane}x${chains}${aTurn > 1 ? '-unrolled' : ''}`
const tileName = (sizes: readonly number[]) => `fma-tile-${sizes.join('x')}`
const copyName = ([size, perThread]: (typeof copies)[number]) => `copy-vec4-${size}x${perThread}`
const barrierName = (size: number) => `barrier-${size}`

/** Every row that this suite may have. */
export const limitNames = (): string[] => [
  ...[...widths, ...halfWidths].map(multiplyAddName),
  ...Object.values(tiles).map(tileName),
  ...copies.map(copyName),
  'dispatch',
  'dispatch-64-workgroups',
  'dispatch-switched',
  'submit',
  'readback',
  ...barrierThreads.map(barrierName),
]

/** Multiply-adds and copies are what kernels are compared with; `all` adds a tile's multiply-adds, dispatch, submit, readback and barriers. */
export async function runLimits(context: SuiteContext, which: 'ceilings' | 'all'): Promise<void> {
  const bench = await context.workbench()
  const kind = bench.gpu.adapter.software ? 'software' : 'hardware'
  context.stage('limits: preparing')
  const possible = [...(await multiplyAddLimits(bench, threads[kind])), ...(await copyLimits(bench, copyBytes[kind]))]
  // Large, and so slow to compile on a software adapter.
  if (which === 'all' && context.wants('limits', tileName(tiles[kind]))) possible.push(await tileLimit(bench, tiles[kind], threads[kind]))
  if (which === 'all') possible.push(...(await overheadLimits(bench)), ...(await barrierLimits(bench)))
  const isKnown = (name: string) => context.rows.some((row) => row.suite === 'limits' && row.name === name)
  const limits = possible.filter(({ name }) => (which === 'all' ? context.wants('limits', name) : !isKnown(name)))
  const contestants = limits.flatMap(({ contestant, baseline }) => (baseline ? [contestant, baseline] : [contestant]))
  const measured = await context.measure('limits', contestants)
  for (const limit of limits) {
    const own = measured.shift()!
    const without = limit.baseline && measured.shift()!
    const row = await rowOf(limit, own, without)
    context.row(row)
  }
  for (const { prepared, baseline } of possible) [prepared, baseline].forEach((one) => one?.destroy()) // at the end: the copies share their buffers
}

async function rowOf({ name, unit, figure, error }: Limit, own: Measured, without: Measured | undefined): Promise<Row> {
  const about = { suite: 'limits', name, engine: 'gradscope', unit } as const
  const problem = [own, without].find((measured) => measured && 'problem' in measured)
  if (problem && 'problem' in problem)
    return { ...about, median: null, best: null, spread: null, blocks: 0, ok: false, error: null, reason: problem.problem }
  const base = without && 'milliseconds' in without ? without.milliseconds : []
  const values = (own as { milliseconds: number[] }).milliseconds.map((milliseconds, i) =>
    figure(Math.max(0, milliseconds - (base[i] ?? 0))),
  )
  const worst = await error()
  const summary = summarize(values, unit === 'us' ? 'lower' : 'higher')
  // A block that its round's baseline took as long as tells of noise: the least time stands beside the baseline's least.
  if (base.length > 0) summary.best = figure(Math.max(0, Math.min(...(own as { milliseconds: number[] }).milliseconds) - Math.min(...base)))
  return { ...about, ...summary, ok: worst <= maximumError, error: worst }
}

async function multiplyAddLimits(bench: Workbench, threadCount: number): Promise<Limit[]> {
  const half = bench.gpu.features.f16 ? halfWidths : []
  return Promise.all(
    [...widths, ...half].map(async (width) => {
      const [lane, chains, aTurn] = width
      const settings = { lane, chains, threads: threadCount, turns: multiplyAdds / chains / lanesOf[lane] / aTurn, aTurn }
      const result = new EmptyBuffer(threadCount * lanesOf[lane] * 4)
      const prepared = await bench.prepare(`multiply-add ${lane}×${chains}×${aTurn}`, [
        { kernel: multiplyAdd(settings), buffers: [result] },
      ])
      const operations = 2 * multiplyAdds * threadCount
      const expected = multiplyAddResult(settings)
      return {
        name: multiplyAddName(width),
        unit: 'GFLOP/s' as const,
        figure: (milliseconds: number) => operations / milliseconds / 1e6,
        contestant: prepared,
        prepared,
        // Half precision rounds away what each turn adds; that it ends is all that is asked of it.
        error: async () => (lane === 'vec4h' ? 0 : Math.abs((await prepared.finish()) - expected) / Math.abs(expected)),
      }
    }),
  )
}

async function tileLimit(bench: Workbench, sizes: readonly [number, number, number], threadCount: number): Promise<Limit> {
  const [rows, columns, depth] = sizes
  const turns = multiplyAdds / (rows * columns * depth)
  const settings = { rows, columns, depth, threads: threadCount, turns }
  const kernel = tile(settings)
  const prepared = await bench.prepare(kernel.label, [{ kernel, buffers: [new EmptyBuffer(threadCount * 4)] }])
  const operations = 2 * tileMultiplyAdds(settings) * threadCount
  const expected = tileResult(settings)
  return {
    name: tileName(sizes),
    unit: 'GFLOP/s',
    figure: (milliseconds) => operations / milliseconds / 1e6,
    contestant: prepared,
    prepared,
    error: async () => Math.abs((await prepared.finish()) - expected) / Math.abs(expected),
  }
}

async function copyLimits(bench: Workbench, wanted: number): Promise<Limit[]> {
  const allowed = Math.min(bench.gpu.device.limits.maxStorageBufferBindingSize, bench.gpu.device.limits.maxBufferSize)
  const bytes = Math.min(wanted, 2 ** Math.floor(Math.log2(allowed)))
  const head = Uint8Array.from({ length: 4096 }, (_, i) => i * 31)
  const source = new EmptyBuffer(bytes, head)
  const calls = copies.map(([size, perThread]) => copy(bytes / 16, size, perThread))
  const target = new EmptyBuffer(bytes)
  const shared: Slices = new Map()
  return Promise.all(
    calls.map(async (kernel, i) => {
      const prepared = await bench.prepare(kernel.label, [{ kernel, buffers: [source, target] }], {}, shared)
      return {
        name: copyName(copies[i]!),
        unit: 'GB/s' as const,
        figure: (milliseconds: number) => (2 * bytes) / milliseconds / 1e6,
        contestant: prepared,
        prepared,
        error: async () => {
          const seen = new Uint8Array(await prepared.read(target, head.length))
          return seen.every((value, at) => value === head[at]) ? 0 : 1
        },
      }
    }),
  )
}

/** A counter that went up by one a unit of work, or by three where two kernels take turns. */
class Counting implements Contestant {
  issued = 0
  readonly #prepared: Prepared
  readonly #issue: (count: number) => void | Promise<void>
  constructor(prepared: Prepared, issue = (count: number) => prepared.issue(count)) {
    this.#prepared = prepared
    this.#issue = issue
  }
  async issue(count: number) {
    this.issued += count
    await this.#issue(count)
  }
  finish() {
    return this.#prepared.finish()
  }
}

async function overheadLimits(bench: Workbench): Promise<Limit[]> {
  const ticking = async (
    name: string,
    kernels: number[],
    groups: number,
    issue?: (prepared: Prepared) => (count: number) => void | Promise<void>,
  ) => {
    const counters = new EmptyBuffer(4 * 64 * groups)
    const calls = kernels.map((by) => ({ kernel: tick(groups, by), buffers: [counters] }))
    const prepared = await bench.prepare(name, calls)
    const contestant = new Counting(prepared, issue?.(prepared))
    const each = kernels.reduce((sum, by) => sum + by)
    return {
      name,
      unit: 'us' as const,
      figure: (milliseconds: number) => perMicrosecond(milliseconds) / kernels.length,
      contestant,
      prepared,
      error: async () => {
        const [ticks] = new Uint32Array(await prepared.read(counters, 4))
        return Math.abs(ticks! - contestant.issued * each) / (contestant.issued * each)
      },
    }
  }
  const oneByOne = (prepared: Prepared) => (count: number) => {
    for (let i = 0; i < count; i++) prepared.issue(1)
  }
  const readEach = (prepared: Prepared) => async (count: number) => {
    for (let i = 0; i < count; i++) {
      prepared.issue(1)
      await prepared.finish()
    }
  }
  return [
    await ticking('dispatch', [1], 1),
    await ticking('dispatch-64-workgroups', [1], 64),
    await ticking('dispatch-switched', [1, 2], 1),
    await ticking('submit', [1], 1, oneByOne),
    await ticking('readback', [1], 1, readEach),
  ]
}

async function barrierLimits(bench: Workbench): Promise<Limit[]> {
  const largest = bench.gpu.device.limits.maxComputeInvocationsPerWorkgroup
  return Promise.all(
    barrierThreads
      .filter((size) => size <= largest)
      .map(async (size) => {
        const result = new EmptyBuffer(4 * size)
        const [prepared, bare] = await Promise.all(
          [true, false].map((barriers) =>
            bench.prepare(`barrier ${size}`, [{ kernel: barrier(size, barrierTurns, barriers), buffers: [result] }]),
          ),
        )
        return {
          name: barrierName(size),
          unit: 'us' as const,
          figure: (milliseconds: number) => perMicrosecond(milliseconds) / (2 * barrierTurns),
          contestant: prepared!,
          prepared: prepared!,
          baseline: bare!,
          error: async () => {
            await prepared!.once()
            const expected = neighbours(size)
            const seen = new Float32Array(await prepared!.read(result))
            return Math.max(...seen.map((value, i) => Math.abs(value - expected[i]!) / Math.abs(expected[i]!)))
          },
        }
      }),
  )
}

/** What the barriers' kernel computes, in float64. */
function neighbours(size: number): number[] {
  let values = Array.from({ length: size }, (_, i) => i)
  for (let turn = 0; turn < barrierTurns; turn++) values = values.map((value, i) => (value + values[(i + 1) % size]! * 0.5) * 0.5 + 1)
  return values
}
