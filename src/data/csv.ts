import Papa from 'papaparse'
import { wrongIn } from '../errors.ts'
import { message } from '../words/say.ts'
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
  if (quoteError)
    throw wrongIn(inLine(name, lines[quoteError.row ?? 0] ?? 1), quoteError.code === 'MissingQuotes' ? 'csv.openQuote' : 'csv.afterQuote')
  const isBlank = (fields: string[]) => fields.length === 1 && fields[0]!.trim() === ''
  const kept = [...data.keys()].filter((row) => !isBlank(data[row]!))
  const [header, ...rows] = kept
  if (header === undefined) throw wrongIn(name, 'csv.empty')
  refuseProse(
    name,
    data[header]!,
    [header, ...rows].map((row) => data[row]!.length),
  )
  const names = headerOf(name, lines[header]!, data[header]!)
  if (rows.length === 0) throw wrongIn(name, 'csv.noRows', { line: lines[header]! })
  for (const row of rows)
    if (data[row]!.length !== names.length)
      throw wrongIn(inLine(name, lines[row]!), 'csv.fields', {
        found: data[row]!.length,
        expected: names.length,
        header: lines[header]!,
      })
  const cells = names.map((_, column) => rows.map((row): Cell => bare(data[row]![column]!)))
  return tableOf(name, names, cells, (row) => message('place.line', { line: lines[rows[row]!]! }))
}

const inLine = (file: string, line: number) => message('place.in', { file, place: message('place.line', { line }) })

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
  throw wrongIn(name, 'csv.prose', { start: `${start.slice(0, 30)}${start.length > 30 ? '…' : ''}` })
}

function headerOf(name: string, line: number, fields: string[]): string[] {
  const names = fields.map(bare)
  const place = inLine(name, line)
  if (names.every((field) => parseNumber(field) !== null))
    throw wrongIn(place, 'csv.onlyNumbers', { found: `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}` })
  const empty = names.indexOf('')
  if (empty >= 0) throw wrongIn(place, 'csv.noName', { column: empty + 1, count: names.length })
  const repeated = names.findIndex((field, i) => names.indexOf(field) < i)
  if (repeated >= 0)
    throw wrongIn(place, 'csv.repeated', { name: names[repeated]!, first: names.indexOf(names[repeated]!) + 1, second: repeated + 1 })
  return names
}

/** The delimiter that stands most often outside quotes in the first line that is not blank. */
function delimiterOf(text: string): string {
  const first = /\S[^\n]*/.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? ''
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }))
  return counts.reduce((best, candidate) => (candidate.count > best.count ? candidate : best)).delimiter
}
