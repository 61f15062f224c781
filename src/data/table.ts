/** A table of typed columns, from CSV with a header or from a JSON array of records. */
import { wrongIn } from '../errors.ts'
import { message, type Message } from '../words/say.ts'
import { isMissing, parseDate, parseNumber } from './cells.ts'

interface ColumnBase {
  name: string
  /** How many rows hold no value. */
  missing: number
  /** The first distinct values, as they stood in the file. */
  examples: string[]
}
export interface NumericColumn extends ColumnBase {
  kind: 'numeric'
  /** NaN where missing. */
  values: Float64Array<ArrayBuffer>
}
export interface CategoryColumn extends ColumnBase {
  kind: 'category'
  /** Index into `categories`; −1 where missing. */
  codes: Int32Array<ArrayBuffer>
  /** In alphabetical order (by code unit). */
  categories: string[]
  /** A row whose text keeps a column of numbers from being numeric. */
  odd?: { row: number; text: string }
}
export interface DateColumn extends ColumnBase {
  kind: 'date'
  /** Milliseconds since 1970 UTC; NaN where missing. */
  values: Float64Array<ArrayBuffer>
  /** Whether any value tells a time of day. */
  hasTime: boolean
}
export type Column = NumericColumn | CategoryColumn | DateColumn

export interface Table {
  name: string
  rows: number
  columns: Column[]
  /** Where a row stands in its file: `line 7` or `[5]`. */
  place: (row: number) => Message
}

/** A cell as it was read; null is missing. */
export type Cell = string | number | null

const exampleCount = 5
/** A column of text counts as numbers gone wrong when at least this share of it are numbers. */
const mostlyNumbers = 0.5

/**
 * A table of cells, column by column; a column is numeric or of dates when each of its values is, of categories otherwise.
 * @throws InputError when a number is too large for float32
 */
export function tableOf(name: string, names: string[], cells: Cell[][], place: Table['place']): Table {
  const rows = cells[0]?.length ?? 0
  return { name, rows, place, columns: names.map((columnName, i) => columnOf(name, columnName, cells[i]!, place)) }
}

function columnOf(file: string, name: string, cells: Cell[], place: Table['place']): Column {
  const values = cells.map((cell) => (typeof cell === 'string' && isMissing(cell) ? null : cell))
  const present = values.filter((value) => value !== null)
  const missing = values.length - present.length
  const examples = [...new Set(present.slice(0, 1000).map(String))].slice(0, exampleCount)
  const base = { name, missing, examples }

  const numbers = Float64Array.from(values, (value) =>
    value === null ? NaN : typeof value === 'number' ? value : (parseNumber(value) ?? NaN),
  )
  const numberCount = numbers.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
  if (numberCount === present.length) {
    const tooLarge = numbers.findIndex((value) => !Number.isNaN(value) && !Number.isFinite(Math.fround(value)))
    if (tooLarge >= 0)
      throw wrongIn(message('place.cell', { file, place: place(tooLarge), column: name }), 'table.tooLarge', {
        found: String(cells[tooLarge]),
      })
    return { ...base, kind: 'numeric', values: numbers }
  }

  const dates = values.map((value) => (typeof value === 'string' ? parseDate(value) : null))
  if (dates.every((date, row) => date !== null || values[row] === null))
    return {
      ...base,
      kind: 'date',
      values: Float64Array.from(dates, (date) => date?.time ?? NaN),
      hasTime: dates.some((date) => date?.hasTime),
    }

  const categories = [...new Set(present.map(String))].sort()
  const codeOf = new Map(categories.map((category, code) => [category, code]))
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : codeOf.get(String(value))!))
  const odd =
    numberCount >= mostlyNumbers * present.length ? numbers.findIndex((value, row) => Number.isNaN(value) && values[row] !== null) : -1
  return { ...base, kind: 'category', codes, categories, ...(odd >= 0 && { odd: { row: odd, text: String(values[odd]) } }) }
}
