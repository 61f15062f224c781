import Papa from 'papaparse'
import { InputError } from '../errors.ts'
import { parseNumber } from './cells.ts'
import { decodeText } from './text.ts'
import { tableOf, type Cell, type Table } from './table.ts'

/**
 * Reads CSV whose first line names the columns; fields are parted by commas, semicolons, tabs or bars, whichever the first line uses most. Blank lines are passed over.
 * @throws InputError, with the line, on an empty file, a header with empty or repeated names or without names, a ragged row, or a quote left open
 */
export function parseCsv(name: string, bytes: Uint8Array): Table {
  // papaparse guesses one kind of line end for the whole file and joins the lines of any other
  const text = decodeText(name, bytes).replace(/\r\n?/g, '\n')
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: delimiterOf(text), newline: '\n', skipEmptyLines: false })
  const lines: number[] = []
  let line = 1
  for (const fields of data) {
    lines.push(line)
    line += 1 + fields.reduce((count, field) => count + (field.split('\n').length - 1), 0)
  }
  const quoteError = errors.find(({ type }) => type === 'Quotes')
  if (quoteError) {
    const what = quoteError.code === 'MissingQuotes' ? 'a quoted field that never ends' : 'text after a closing quote'
    throw new InputError(
      `${name}, line ${lines[quoteError.row ?? 0] ?? 1}: found ${what}, expected a quoted field closed by " and followed by a delimiter or the line's end.`,
    )
  }
  const isBlank = (fields: string[]) => fields.length === 1 && fields[0]!.trim() === ''
  const kept = [...data.keys()].filter((row) => !isBlank(data[row]!))
  const [header, ...rows] = kept
  if (header === undefined) throw new InputError(`${name}: found an empty file, expected CSV with a header line and rows.`)
  refuseProse(
    name,
    data[header]!,
    [header, ...rows].map((row) => data[row]!.length),
  )
  const names = headerOf(name, lines[header]!, data[header]!)
  if (rows.length === 0) throw new InputError(`${name}: found a header at line ${lines[header]!} and no rows, expected at least one row.`)
  for (const row of rows)
    if (data[row]!.length !== names.length)
      throw new InputError(
        `${name}, line ${lines[row]!}: found ${data[row]!.length} ${data[row]!.length === 1 ? 'field' : 'fields'}, expected ${names.length} as in the header at line ${lines[header]!}.`,
      )
  const cells = names.map((_, column) => rows.map((row): Cell => bare(data[row]![column]!)))
  return tableOf(name, names, cells, (row) => `line ${lines[rows[row]!]!}`)
}

/** A field without the blanks around it, and without quotes that follow blanks, which are text to the reader. */
function bare(field: string): string {
  const text = field.trim()
  return field !== text && /^".*"$/s.test(text) && text.length > 1 && !field.startsWith('"')
    ? text.slice(1, -1).replaceAll('""', '"')
    : text
}

/** Text that only happens to be in a file: without a delimiter, or, where the name promises no table, with most lines of another length than the first. */
function refuseProse(name: string, header: string[], lengths: number[]) {
  const ragged = lengths.filter((length) => length !== header.length).length
  const promised = /\.(?:csv|tsv)(?:\.gz)?$/i.test(name)
  if (header.length > 1 && (promised || ragged <= lengths.length / 2)) return
  const start = header.map((field) => field.trim()).join(', ')
  throw new InputError(
    `${name}: found text that is no table (it begins with "${start.slice(0, 30)}${start.length > 30 ? '…' : ''}"), expected CSV whose first line names at least two columns, parted by commas, semicolons, tabs or bars.`,
  )
}

function headerOf(name: string, line: number, fields: string[]): string[] {
  const names = fields.map(bare)
  if (names.every((field) => parseNumber(field) !== null))
    throw new InputError(
      `${name}, line ${line}: found only numbers (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}), expected a header that names the columns.`,
    )
  const empty = names.indexOf('')
  if (empty >= 0)
    throw new InputError(
      `${name}, line ${line}: found no name for column ${empty + 1} of ${names.length} in the header, expected a name for each.`,
    )
  const repeated = names.findIndex((field, i) => names.indexOf(field) < i)
  if (repeated >= 0)
    throw new InputError(
      `${name}, line ${line}: found the name "${names[repeated]}" for columns ${names.indexOf(names[repeated]!) + 1} and ${repeated + 1} in the header, expected each name once.`,
    )
  return names
}

/** The delimiter that stands most often outside quotes in the first line that is not blank. */
function delimiterOf(text: string): string {
  const first = /\S[^\n]*/.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? ''
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }))
  return counts.reduce((best, candidate) => (candidate.count > best.count ? candidate : best)).delimiter
}
