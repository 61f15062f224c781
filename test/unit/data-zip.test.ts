import { describe, expect, test } from 'vitest'
import { crc32, unzip } from '../../src/data/zip.ts'
import { InputError } from '../../src/errors.ts'
import { zip } from '../files/images.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const long = bytes('abcabcabd'.repeat(1000))

async function refusal(archive: Uint8Array): Promise<string> {
  const error = await unzip('pets.zip', archive).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).message
}

describe('ZIP archives', () => {
  test.each([0, 8] as const)('files and folders, packed by method %i', async (method) => {
    const { name, entries } = await unzip('pets.zip', zip({ 'a/': new Uint8Array(), 'a/ü.txt': long, empty: new Uint8Array() }, method))
    expect(name).toBe('pets.zip')
    expect(entries).toEqual([
      { name: 'a/', bytes: new Uint8Array() },
      { name: 'a/ü.txt', bytes: long },
      { name: 'empty', bytes: new Uint8Array() },
    ])
  })

  test('from the middle of a buffer, and with a comment behind', async () => {
    const archive = zip({ 'a.txt': long })
    const shifted = new Uint8Array(archive.length + 12)
    shifted.set(archive, 5)
    expect((await unzip('z', shifted.subarray(5))).entries).toEqual([{ name: 'a.txt', bytes: long }])
  })

  test('CRC-32 has its published check value', () => expect(crc32(bytes('123456789'))).toBe(0xcbf43926))

  const changed = (archive: Uint8Array, change: (view: DataView) => void) => {
    const copy = archive.slice()
    change(new DataView(copy.buffer))
    return copy
  }
  const archive = zip({ 'cats/1.png': long })
  const directory = archive.length - 22 - 46 - 'cats/1.png'.length
  test.each([
    [
      'cut off',
      archive.slice(0, -30),
      'pets.zip: found a ZIP archive without its directory, as one that is cut off, expected a whole one.',
    ],
    [
      'with a damaged directory',
      changed(archive, (view) => view.setUint8(directory, 0)),
      'pets.zip: found a ZIP archive whose directory is damaged at entry 1 of 1, expected a whole one.',
    ],
    [
      'with a changed byte in a packed file',
      changed(archive, (view) => view.setUint8(50, view.getUint8(50) ^ 0x55)),
      'pets.zip/cats/1.png: found data that is damaged, expected a whole ZIP archive.',
    ],
    [
      'with a changed byte in a stored file',
      changed(zip({ 'cats/1.png': long }, 0), (view) => view.setUint8(60, 1)),
      'pets.zip/cats/1.png: found data that is damaged',
    ],
    [
      'whose files are not where they should be',
      changed(archive, (view) => view.setUint32(directory + 42, 7, true)),
      'pets.zip/cats/1.png: found no file where the archive says it is',
    ],
    [
      'that is encrypted',
      changed(archive, (view) => view.setUint16(directory + 8, 1, true)),
      'pets.zip/cats/1.png: found an encrypted file',
    ],
    [
      'packed in another way',
      changed(archive, (view) => view.setUint16(directory + 10, 14, true)),
      'pets.zip/cats/1.png: found the compression method 14, expected 0 (stored) or 8 (deflated)',
    ],
    [
      'larger than memory',
      changed(archive, (view) => view.setUint32(directory + 24, 0xfffffff0, true)),
      'pets.zip: found 4294967280 bytes when unpacked, expected at most 2147483648.',
    ],
  ])('refuses one %s', async (_, damaged, message) => expect(await refusal(damaged)).toContain(message))
})
