import { wrongIn } from '../errors.ts'
import { message, type Message } from '../words/say.ts'
import { parseJson } from '../json.ts'
import { tableOf, type Cell, type Table } from './table.ts'
import { decodeText } from './text.ts'

/**
 * Reads a JSON array of records; the columns are all keys of all records, in the order in which they appear, and a key that a record lacks is missing there.
 * @throws InputError, with the record's index, on text that is no JSON, no array or empty, a record that is no object, or a value that is one
 */
export function parseRecords(name: string, bytes: Uint8Array): Table {
  const records = parseJson(name, decodeText(name, bytes), message('json.records'))
  if (!Array.isArray(records)) throw wrongIn(name, 'records.none', { found: describe(records) })
  if (records.length === 0) throw wrongIn(name, 'records.empty')
  const columns = new Map<string, Cell[]>()
  const place = (row: number) => message('place.in', { file: name, place: message('place.record', { row }) })
  records.forEach((record: unknown, row) => {
    if (typeof record !== 'object' || record === null || Array.isArray(record))
      throw wrongIn(place(row), 'records.record', { found: describe(record) })
    for (const [key, value] of Object.entries(record)) {
      if (key.trim() === '') throw wrongIn(place(row), 'records.name')
      if (typeof value === 'object' && value !== null)
        throw wrongIn(message('place.key', { file: name, row, key }), 'records.value', { found: describe(value) })
      let cells = columns.get(key)
      if (!cells) {
        cells = Array.from({ length: records.length }, () => null)
        columns.set(key, cells)
      }
      cells[row] = typeof value === 'boolean' ? String(value) : (value as Cell)
    }
  })
  if (columns.size === 0) throw wrongIn(name, 'records.noColumn')
  return tableOf(name, [...columns.keys()], [...columns.values()], (row) => message('place.record', { row }))
}

function describe(value: unknown): string | Message {
  if (value === null) return 'null'
  if (Array.isArray(value)) return message('json.array')
  if (typeof value === 'object') return message('json.object')
  return typeof value === 'string' ? message('json.text', { text: value.slice(0, 40) }) : String(value)
}
