import { within } from '../src/errors.ts'
import { boolean, list, object, oneOf, text, unless, type Check } from '../src/model/schema.ts'
import { message } from '../src/words/say.ts'
import type { PairedRatio } from './statistics.ts'

/** What the bench writes; FORMATS: suites, names, engines and units keep their meaning, more may come. */
export const benchFormat = 'gradscope-bench/1'

export const suites = ['limits', 'kernels', 'training', 'view'] as const
export type Suite = (typeof suites)[number]
export const units = ['steps/s', 'GFLOP/s', 'GB/s', 'us', 'ms', 'MB'] as const
export type Unit = (typeof units)[number]

export interface Row {
  suite: Suite
  name: string
  engine: string
  unit: Unit
  /** null where nothing was timed, because it was wrong or failed: `ok` is false then, and `reason` says why. */
  median: number | null
  best: number | null
  /** Distance between the quartiles over the median. */
  spread: number | null
  blocks: number
  ok: boolean
  /** Worst error against float64, in the measure that the suite's code says. */
  error: number | null
  reason?: string
  variant?: string
  /** Share of the adapter's measured limit: of multiply-adds for GFLOP/s, of copying for GB/s. */
  ofLimit?: number
  /** Floating-point operations per byte that must cross memory. */
  intensity?: number
  dispatchesPerStep?: number
  submitsPerStep?: number
  /** Of a step's memory: how many times what it cannot do without. */
  overNeeded?: number
  /** Bytes of GPU buffers and textures made per step. */
  bytesPerStep?: number
}

/** How many times faster `name` is than `over`, another engine or another row of the suite; paired within the rounds of this run. */
export interface RatioRow extends PairedRatio {
  suite: Suite
  name: string
  over: string
}

/** A numerical property that was looked at on this adapter. */
export interface NumericsCheck {
  name: string
  ok: boolean
  /** Its error, where it has one; null for a property that holds or does not. */
  error: number | null
}

export interface BenchResult {
  format: typeof benchFormat
  adapter: string
  browser: string
  driver: string
  date: string
  rows: Row[]
  ratios: RatioRow[]
  numerics: NumericsCheck[]
  rounds: number
  /** What a reader of the figures should know. Plain sentences. */
  notes: string[]
}

export const better = (unit: Unit): 'higher' | 'lower' => (unit === 'us' || unit === 'ms' || unit === 'MB' ? 'lower' : 'higher')

/** How many times faster the first figure is; above 1 is faster whatever the unit. */
export const timesFaster = (unit: Unit, first: number, second: number): number =>
  better(unit) === 'higher' ? first / second : second / first

const finite = unless((value) => typeof value === 'number' && Number.isFinite(value), message('expected.number'))
const someText = unless((value) => typeof value === 'string' && value !== '', message('expected.someText'))

const row: Check = (value, path) => {
  object(value, path)
  const has = (key: string, check: Check) => check(value[key], `${path}.${key}`)
  has('ok', boolean)
  has('suite', oneOf(suites))
  has('name', someText)
  has('engine', someText)
  has('unit', oneOf(units))
  // What failed has no figures.
  for (const key of ['median', 'best', 'spread', 'error', 'blocks']) if (value[key] !== null || value['ok'] !== false) has(key, finite)
}

/** Refuses what is no bench JSON with the path of what is wrong. Fields that the format has not are let through. */
export function checkResult(value: unknown, file: string): BenchResult {
  within(file, () => {
    object(value, { path: '', name: message('command.result') })
    oneOf([benchFormat])(value['format'], 'format')
    for (const key of ['adapter', 'browser', 'driver', 'date']) text(value[key], key)
    list(row, message('expected.list'))(value['rows'], 'rows')
  })
  const lists = { ratios: [], numerics: [], notes: [], rounds: 0 }
  return { ...lists, ...(value as BenchResult) }
}
