import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseCsv } from '../../src/data/csv.ts'
import { tableFromFile } from '../../src/data/files.ts'
import { parseRecords } from '../../src/data/json.ts'
import type { CategoryColumn, DateColumn, NumericColumn, Table } from '../../src/data/table.ts'
import { spoken } from './spoken.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const csv = (text: string) => parseCsv('file.csv', bytes(text))
const json = (value: unknown) => parseRecords('file.json', bytes(typeof value === 'string' ? value : JSON.stringify(value)))
const read = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(new URL(`../../public/data/${name}`, import.meta.url))) })
const column = <T>(table: Table, name: string) => table.columns.find((candidate) => candidate.name === name) as T
const kinds = (table: Table) => table.columns.map(({ name, kind, missing }) => [name, kind, missing])

describe('real files', () => {
  test('iris.csv: 150 flowers, 50 of each species, with the means of the literature', async () => {
    const table = await tableFromFile(read('iris.csv'))
    expect(table.rows).toBe(150)
    const means = table.columns.slice(0, 4).map((c) => (c as NumericColumn).values.reduce((sum, value) => sum + value, 0) / 150)
    expect(means.map((mean) => mean.toFixed(3))).toEqual(['5.843', '3.057', '3.758', '1.199'])
    const species = column<CategoryColumn>(table, 'species')
    expect(species.categories).toEqual(['setosa', 'versicolor', 'virginica'])
    expect([0, 1, 2].map((code) => species.codes.filter((found) => found === code).length)).toEqual([50, 50, 50])
  })

  test('seattle-weather.csv: a date, four numbers, a category', async () => {
    const table = await tableFromFile(read('seattle-weather.csv'))
    expect(table.rows).toBe(1461)
    expect(kinds(table)).toEqual([
      ['date', 'date', 0],
      ['precipitation', 'numeric', 0],
      ['temp_max', 'numeric', 0],
      ['temp_min', 'numeric', 0],
      ['wind', 'numeric', 0],
      ['weather', 'category', 0],
    ])
    const date = column<DateColumn>(table, 'date')
    expect([date.values[0], date.hasTime, date.examples[0]]).toEqual([Date.UTC(2012, 0, 1), false, '2012-01-01'])
    expect(column<CategoryColumn>(table, 'weather').categories).toEqual(['drizzle', 'fog', 'rain', 'snow', 'sun'])
    expect(spoken([table.place(1460)])).toEqual(['line 1462'])
  })

  test('penguins.json, also gzipped: missing values counted', async () => {
    const file = read('penguins.json')
    for (const given of [file, { name: 'penguins.json.gz', bytes: new Uint8Array(gzipSync(file.bytes)) }]) {
      const table = await tableFromFile(given)
      expect(table.rows).toBe(344)
      expect(kinds(table)).toEqual([
        ['Species', 'category', 0],
        ['Island', 'category', 0],
        ['Beak Length (mm)', 'numeric', 2],
        ['Beak Depth (mm)', 'numeric', 2],
        ['Flipper Length (mm)', 'numeric', 2],
        ['Body Mass (g)', 'numeric', 2],
        ['Sex', 'category', 10],
      ])
    }
  })
})

describe('CSV', () => {
  test('quotes, semicolons, a byte order mark, mixed line ends and blank lines', () => {
    const table = csv('\uFEFFname;"a; b"\r\n"x\r\ny";1\r\n\n z ;-2.5e1\r')
    expect(table.columns.map(({ name }) => name)).toEqual(['name', 'a; b'])
    expect(column<CategoryColumn>(table, 'name').categories).toEqual(['x\ny', 'z'])
    expect([...column<NumericColumn>(table, 'a; b').values]).toEqual([1, -25])
    expect(spoken([table.place(0), table.place(1)])).toEqual(['line 2', 'line 5'])
  })

  test('counts empty, null, NA, N/A and NaN as missing, in numbers, dates and categories', () => {
    const table = csv('n,d,c\n1,2020-02-29,a\n,NA,null\nNaN,,n/a\nnull,2021-12-31 23:30,b\n')
    expect(kinds(table)).toEqual([
      ['n', 'numeric', 3],
      ['d', 'date', 2],
      ['c', 'category', 2],
    ])
    expect([...column<NumericColumn>(table, 'n').values]).toEqual([1, NaN, NaN, NaN])
    expect(column<DateColumn>(table, 'd')).toMatchObject({
      hasTime: true,
      values: Float64Array.of(Date.UTC(2020, 1, 29), NaN, NaN, Date.UTC(2021, 11, 31, 23, 30)),
    })
    expect([...column<CategoryColumn>(table, 'c').codes]).toEqual([0, -1, -1, 1])
  })

  test('a day that does not exist is no date; a text among numbers is remembered', () => {
    const table = csv('d,n\n2021-02-29,1\n2021-02-28,2\n2021-02-27,?\n')
    expect(table.columns.map(({ kind }) => kind)).toEqual(['category', 'category'])
    expect(column<CategoryColumn>(table, 'n').odd).toEqual({ row: 2, text: '?' })
  })

  test.each([
    ['an empty file', '', 'file.csv: found an empty file, expected CSV with a header line and rows.'],
    ['blank lines alone', '\n \n', 'file.csv: found an empty file'],
    ['a header alone', 'a,b\n', 'file.csv: found a header at line 1 and no rows, expected at least one row.'],
    ['a short row', 'a,b,c\n1,2,3\n\n4,5\n', 'file.csv, line 4: found 2 fields, expected 3 as in the header at line 1.'],
    ['a long row after a field of two lines', 'a,b\n"1\n2",3\n4,5,6\n', 'file.csv, line 4: found 3 fields, expected 2'],
    ['a row of one field', 'a,b\nx\n', 'file.csv, line 2: found 1 field, expected 2'],
    [
      'a repeated name',
      '\na,b, a\n1,2,3\n',
      'file.csv, line 2: found the name "a" for columns 1 and 3 in the header, expected each name once.',
    ],
    ['an empty name', 'a,,c\n1,2,3\n', 'file.csv, line 1: found no name for column 2 of 3 in the header, expected a name for each.'],
    [
      'no header',
      '5.1,3.5,1.4\n4.9,3.0,1.4\n',
      'file.csv, line 1: found only numbers (5.1, 3.5, 1.4), expected a header that names the columns.',
    ],
    ['a quote left open', 'a,b\n1,2\n"3,4\n5,6\n', 'file.csv, line 3: found a quoted field that never ends'],
    [
      'a number beyond float32',
      'a,b\n1,2\n1e39,2\n',
      'file.csv, line 3, column "a": found 1e39, expected a number within the range of 32-bit floats.',
    ],
    ['zero bytes', 'a,b\n1,\0\n', 'file.csv: found a zero byte at position 6'],
  ])('refuses %s', (_, text, message) => {
    expect(() => csv(text)).toThrow(message)
    expect(() => csv(text)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })

  test('refuses bytes that are not UTF-8', () => {
    expect(() => parseCsv('file.csv', Uint8Array.of(0x61, 0xe9, 0x2c))).toThrow('file.csv: found bytes that are not UTF-8')
  })
})

describe('JSON', () => {
  test('columns are all keys in order of appearance; keys that lack are missing', () => {
    const table = json([
      { a: 1, b: true },
      { b: false, c: 'x' },
      { a: null, c: '' },
    ])
    expect(kinds(table)).toEqual([
      ['a', 'numeric', 2],
      ['b', 'category', 1],
      ['c', 'category', 2],
    ])
    expect(spoken([table.place(2)])).toEqual(['[2]'])
  })

  test.each([
    ['an empty file', '  ', 'file.json: found an empty file'],
    [
      'broken text',
      '[\n{"a": 1},\n{"a" 2}]',
      'file.json is not JSON: at line 3, column 6 found "2", expected a colon (a JSON array of records).',
    ],
    ['an object', { a: [] }, 'file.json: found an object, expected an array of records.'],
    ['no records', [], 'file.json: found an empty array, expected at least one record.'],
    ['a record that is a number', [{ a: 1 }, 5], 'file.json, [1]: found 5, expected a record'],
    ['a record that is null', [null], 'file.json, [0]: found null, expected a record'],
    ['a record that is an array', [[1, 2]], 'file.json, [0]: found an array, expected a record'],
    ['a nested object', [{ a: 1 }, { a: { b: 2 } }], 'file.json, [1]["a"]: found an object, expected a number, text, true, false or null.'],
    ['a nested array', [{ a: [1] }], 'file.json, [0]["a"]: found an array'],
    ['records without columns', [{}], 'file.json: found records without any column'],
    ['an empty name', [{ '': 1 }], 'file.json, [0]: found an empty column name'],
  ])('refuses %s', (_, value, message) => {
    expect(() => json(value)).toThrow(message)
    expect(() => json(value)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })
})

test('quotes after blanks are quotes, and those within quotes are text', () => {
  const { columns } = csv('a, "b"\n1, "x ""y"""\n3, "z"\n4, "z"\n')
  expect(columns.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(columns[1]).toMatchObject({ categories: ['x "y"', 'z'] })
  expect(csv('a,b\n1,"""x"""\n2,z\n').columns[1]).toMatchObject({ categories: ['"x"', 'z'] })
})
