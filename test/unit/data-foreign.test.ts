import { describe, expect, test } from 'vitest'
import { datasetFromFiles, kindOfFile } from '../../src/data/files.ts'

const file = (name: string, content: string) => ({ name, bytes: Uint8Array.from(content, (char) => char.charCodeAt(0)) })

describe('files of other kinds', () => {
  test.each([
    ['photo.png', '\x89PNG\r\n\x1a\n', 'photo.png: found a PNG image, expected a table (CSV or JSON), IDX files'],
    ['data.csv', 'PK\x03\x04', 'data.csv: found a ZIP archive without its directory, as one that is cut off, expected a whole one.'],
    ['sound', 'RIFF\0\0\0\0WEBPVP8', 'sound: found a WebP image'],
    ['backup', `${'\x01'.repeat(257)}ustar`, 'backup: found a tar archive'],
    ['nothing', '', 'nothing: found an empty file, expected a table'],
  ])('%s is refused by its own name', async (name, content, told) => {
    await expect(datasetFromFiles([file(name, content)])).rejects.toThrow(told)
  })

  test('text that is no table is told by how it begins', async () => {
    const letter = 'Dear reader, this is a letter\nof two lines, each, of some, fields\nand, one, more\n'
    const told =
      ': found text that is no table (it begins with "Dear reader, this is a letter"), expected CSV whose first line names at least two columns'
    await expect(datasetFromFiles([file('letter.txt', letter)])).rejects.toThrow(`letter.txt${told}`)
    await expect(datasetFromFiles([file('letter.csv', letter)])).rejects.toThrow('letter.csv, line 2: found 4 fields, expected 2')
    await expect(datasetFromFiles([file('todo.txt', 'milk\nbread\n')])).rejects.toThrow(
      'todo.txt: found text that is no table (it begins with "milk")',
    )
  })

  test('a table under another name is a table', () => {
    expect(kindOfFile(file('table.txt', 'a,b\n1,2\n'))).toBe('csv')
    expect(kindOfFile(file('table', '[{"a":1}]'))).toBe('json')
  })
})
