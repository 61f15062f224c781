import { InputError } from '../errors.ts'
import { parseJson } from '../json.ts'
import { tableOf, type Cell, type Table } from './table.ts'
import { decodeText } from './text.ts'

/**
 * Reads a JSON array of records; the columns are all keys of all records, in the order in which they appear, and a key that a record lacks is missing there.
 * @throws InputError, with the record's index, on text that is no JSON, no array or empty, a record that is no object, or a value that is one
 */
export function parseRecords(name: string, bytes: Uint8Array): Table {
  const records = parseJson(name, decodeText(name, bytes), 'a JSON array of records')
  if (!Array.isArray(records)) throw new InputError(`${name}: found ${describe(records)}, expected an array of records.`)
  if (records.length === 0) throw new InputError(`${name}: found an empty array, expected at least one record.`)
  const columns = new Map<string, Cell[]>()
  records.forEach((record: unknown, row) => {
    if (typeof record !== 'object' || record === null || Array.isArray(record))
      throw new InputError(`${name}, [${row}]: found ${describe(record)}, expected a record, an object of column names and values.`)
    for (const [key, value] of Object.entries(record)) {
      if (key.trim() === '') throw new InputError(`${name}, [${row}]: found an empty column name, expected a name.`)
      if (typeof value === 'object' && value !== null)
        throw new InputError(`${name}, [${row}]["${key}"]: found ${describe(value)}, expected a number, text, true, false or null.`)
      let cells = columns.get(key)
      if (!cells) {
        cells = Array.from({ length: records.length }, () => null)
        columns.set(key, cells)
      }
      cells[row] = typeof value === 'boolean' ? String(value) : (value as Cell)
    }
  })
  if (columns.size === 0) throw new InputError(`${name}: found records without any column, expected names and values.`)
  return tableOf(name, [...columns.keys()], [...columns.values()], (row) => `[${row}]`)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? `the text "${value.slice(0, 40)}"` : String(value)
}
