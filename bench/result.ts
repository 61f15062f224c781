import { InputError } from '../src/errors.ts'
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

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Refuses what is no bench JSON, in a sentence that names the place. Fields that the format has not are let through. */
export function checkResult(value: unknown, where: string): BenchResult {
  const refuse = (what: string): never => {
    throw new InputError(`${where}: ${what}`)
  }
  if (!isObject(value)) return refuse('what it holds is not a JSON object')
  if (value['format'] !== benchFormat) refuse(`format is ${JSON.stringify(value['format'])}, expected "${benchFormat}"`)
  for (const field of ['adapter', 'browser', 'driver', 'date'])
    if (typeof value[field] !== 'string') refuse(`${field} is ${JSON.stringify(value[field])}, expected text`)
  if (!Array.isArray(value['rows'])) return refuse('rows is missing, expected a list')
  value['rows'].forEach((row: unknown, i) => {
    const problem = rowProblem(row)
    if (problem !== undefined) refuse(`rows[${i}]: ${problem}`)
  })
  const lists = { ratios: [], numerics: [], notes: [], rounds: 0 }
  return { ...lists, ...(value as unknown as BenchResult) }
}

function rowProblem(row: unknown): string | undefined {
  if (!isObject(row)) return 'is not an object'
  const oneOf = (field: string, choices: readonly string[]) =>
    choices.includes(row[field] as string) ? undefined : `${field} is ${JSON.stringify(row[field])}, expected one of ${choices.join(', ')}`
  const text = (field: string) => (typeof row[field] === 'string' && row[field] !== '' ? undefined : `${field} is missing`)
  const number = (field: string) => {
    const given = row[field]
    if (typeof given === 'number' && Number.isFinite(given)) return undefined
    return given === null && row['ok'] === false ? undefined : `${field} is ${JSON.stringify(given)}, expected a number`
  }
  if (typeof row['ok'] !== 'boolean') return `ok is ${JSON.stringify(row['ok'])}, expected true or false`
  return (
    oneOf('suite', suites) ??
    text('name') ??
    text('engine') ??
    oneOf('unit', units) ??
    ['median', 'best', 'spread', 'error', 'blocks'].map(number).find((problem) => problem !== undefined)
  )
}
