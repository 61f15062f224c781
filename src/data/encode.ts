/** Columns of a table as the numbers of a sample: fitted on the training rows, then applied to any rows. */
import { wrongIn } from '../errors.ts'
import { message, type Message } from '../words/say.ts'
import { momentsOf } from './scaling.ts'
import type { CategoryColumn, Column, DateColumn, NumericColumn } from './table.ts'

/** One number of a sample, and how it is standardised. */
export interface Feature {
  name: string
  mean: number
  deviation: number
}

/** How one column becomes features. */
export interface Encoding {
  column: string
  features: Feature[]
  /** Writes the features of row `row` of a column to `x[at…]`. */
  write: (column: Column, row: number, x: Float32Array, at: number) => void
  notes: Message[]
}
/** Why a column has no features. */
export interface LeftOut {
  leftOut: Message
}

/** More categories than this are not spread into features. */
export const maximumCategories = 100

/** Whether values of so many kinds repeat often enough in so many rows to be categories rather than names. */
export const repeats = (kinds: number, rows: number): boolean => kinds <= Math.max(20, rows / 2)

const shown = (value: number) => String(Number(value.toPrecision(4)))

/** Fits a column on the training rows; `missing` counts its missing values over all rows in use. */
export function fitColumn(column: Column, train: Uint32Array, missing: number): Encoding | LeftOut {
  switch (column.kind) {
    case 'numeric':
      return fitNumeric(column, train, missing)
    case 'category':
      return fitCategory(column, train, missing)
    case 'date':
      return fitDate(column, train, missing)
  }
}

/** A feature standardised on the training rows, the mean in place of what is missing. */
function standardised(name: string, values: Float64Array, train: Uint32Array) {
  const { mean, deviation, count } = momentsOf(Float64Array.from(train, (row) => values[row]!))
  return { feature: { name, mean, deviation: Math.fround(deviation) > 0 ? deviation : 1 }, constant: deviation === 0, count }
}

/** Means so many deviations away from 0 leave single precision too few digits for what sets the values apart. */
const farMean = 1e4

function fitNumeric(column: NumericColumn, train: Uint32Array, missing: number): Encoding | LeftOut {
  const { name } = column
  const { feature: own, constant, count } = standardised(name, column.values, train)
  if (count === 0) return { leftOut: message('why.empty') }
  const notes: Message[] = []
  const isFar = !constant && Math.abs(own.mean) > farMean * own.deviation
  const origin = isFar ? (own.deviation > 1 ? Math.round(own.mean) : own.mean) : 0
  const feature = isFar ? { ...own, name: `${name} − ${origin}`, mean: own.mean - origin } : own
  if (isFar) notes.push(message('note.origin', { column: name, origin }))
  if (missing > 0) notes.push(message('note.filled', { column: name, count: missing, mean: shown(own.mean) }))
  if (constant) notes.push(message('note.constant', { column: name, value: shown(own.mean) }))
  const write: Encoding['write'] = (from, row, x, at) => {
    const value = from.kind === 'category' ? NaN : from.values[row]!
    x[at] = Number.isNaN(value) ? feature.mean : value - origin
  }
  return { column: name, features: [feature], write, notes }
}

function fitCategory(column: CategoryColumn, train: Uint32Array, missing: number): Encoding | LeftOut {
  const { name, categories, codes } = column
  const seen = new Set(Array.from(train, (row) => codes[row]!))
  const kept = categories.filter((_, code) => seen.has(code))
  if (kept.length === 0) return { leftOut: message('why.empty') }
  if (kept.length > maximumCategories || !repeats(kept.length, train.length))
    return { leftOut: message('why.names', { kinds: kept.length, rows: train.length }) }
  const notes: Message[] = []
  if (missing > 0) notes.push(message(seen.has(-1) ? 'note.ownCategory' : 'note.noCategory', { column: name, count: missing }))
  if (kept.length === 1 && !seen.has(-1)) notes.push(message('note.constant', { column: name, value: kept[0]! }))
  const positions = new Map(kept.map((category, position) => [category, position]))
  const features = kept.map((category) => `${name}=${category}`)
  if (seen.has(-1)) features.push(`${name} missing`)
  const write: Encoding['write'] = (from, row, x, at) => {
    const text = textOf(from, row)
    const position = text === null ? (seen.has(-1) ? kept.length : undefined) : positions.get(text)
    x.fill(0, at, at + features.length)
    if (position !== undefined) x[at + position] = 1
  }
  return { column: name, features: features.map((feature) => ({ name: feature, mean: 0, deviation: 1 })), write, notes }
}

function fitDate(column: DateColumn, train: Uint32Array, missing: number): Encoding | LeftOut {
  const { name, hasTime } = column
  const { feature: year, count } = standardised(`${name} year`, column.values.map(yearOf), train)
  if (count === 0) return { leftOut: message('why.empty') }
  const notes = [message('note.date', { column: name, hasTime })]
  if (missing > 0) notes.push(message('note.dateFilled', { column: name, count: missing }))
  const cycles = [{ name: `${name} season`, phase: yearPhase }, ...(hasTime ? [{ name: `${name} time`, phase: dayPhase }] : [])]
  const waves = cycles
    .flatMap((cycle) => [`${cycle.name} sine`, `${cycle.name} cosine`])
    .map((wave) => ({ name: wave, mean: 0, deviation: 1 }))
  const write: Encoding['write'] = (from, row, x, at) => {
    const time = from.kind === 'date' ? from.values[row]! : NaN
    x[at] = Number.isNaN(time) ? year.mean : yearOf(time)
    cycles.forEach(({ phase }, i) => {
      const angle = 2 * Math.PI * phase(time)
      x[at + 1 + 2 * i] = Number.isNaN(time) ? 0 : Math.sin(angle)
      x[at + 2 + 2 * i] = Number.isNaN(time) ? 0 : Math.cos(angle)
    })
  }
  return { column: name, features: [year, ...waves], write, notes }
}

const yearOf = (time: number) => new Date(time).getUTCFullYear()
const day = 86_400_000
const dayPhase = (time: number) => (((time % day) + day) % day) / day
function yearPhase(time: number): number {
  const start = Date.UTC(yearOf(time), 0)
  return (time - start) / (Date.UTC(yearOf(time) + 1, 0) - start)
}

/** A value as a category: its text, null where missing. */
export function textOf(column: Column, row: number): string | null {
  if (column.kind === 'category') return column.categories[column.codes[row]!] ?? null
  const value = column.values[row]!
  return Number.isNaN(value) ? null : column.kind === 'date' ? new Date(value).toISOString() : String(value)
}

export const isMissingAt = (column: Column, row: number): boolean =>
  column.kind === 'category' ? column.codes[row]! < 0 : Number.isNaN(column.values[row]!)

/** @throws InputError when a column of a test file cannot be read as the training file's column of that name */
export function checkKind(file: string, column: Column, expected: Column) {
  const isEmpty = column.kind === 'numeric' && column.values.every(Number.isNaN)
  const asText = expected.kind === 'category' && column.kind === 'numeric'
  if (column.kind !== expected.kind && !isEmpty && !asText)
    throw wrongIn(file, 'table.kind', { column: column.name, found: column.kind, expected: expected.kind })
}
