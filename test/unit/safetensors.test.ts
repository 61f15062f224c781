import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts'

const tensors = {
  'layers.0.weight': { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-40, Infinity) },
  loss: { shape: [2], data: Float64Array.of(0.1, 1 / 3) },
  'data.y': { shape: [3], data: Int32Array.of(0, -1, 2 ** 31 - 1) },
  'data.x': { shape: [1, 3], data: Uint8Array.of(0, 7, 255) },
  scalar: { shape: [], data: Float32Array.of(4) },
  none: { shape: [0, 5], data: new Float32Array() },
}

/** A file with any header and bytes. */
function fileOf(header: unknown, dataLength: number, claimed?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const file = new Uint8Array(8 + text.length + dataLength)
  new DataView(file.buffer).setBigUint64(0, BigInt(claimed ?? text.length), true)
  file.set(text, 8)
  return file
}
const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({ dtype, shape, data_offsets: [begin, end] })

describe('round trip', () => {
  test('gives back tensors and metadata', () => {
    const { tensors: read, metadata } = readSafetensors(writeSafetensors(tensors, { format: 'gradscope-model/1' }), 'p.safetensors')
    expect(read).toEqual(tensors)
    expect(metadata).toEqual({ format: 'gradscope-model/1' })
  })

  test('the same tensors give the same bytes, the header padded to 8', () => {
    const file = writeSafetensors(tensors, { format: 'gradscope-model/1' })
    expect(writeSafetensors(tensors, { format: 'gradscope-model/1' })).toEqual(file)
    expect(Number(new DataView(file.buffer).getBigUint64(0, true)) % 8).toBe(0)
  })

  test('a view into a larger buffer is written alone, and read at any offset', () => {
    const file = writeSafetensors({ a: { shape: [2], data: Float32Array.of(1, 2, 3, 4).subarray(1, 3) } })
    const shifted = new Uint8Array(file.length + 1)
    shifted.set(file, 1)
    expect([...readSafetensors(shifted.subarray(1), 'f').tensors['a']!.data]).toEqual([2, 3])
  })

  test('a name may be __proto__', () => {
    const named = Object.fromEntries([['__proto__', { shape: [1], data: Float32Array.of(1) }]])
    expect(Object.keys(readSafetensors(writeSafetensors(named), 'f').tensors)).toEqual(['__proto__'])
  })
})

test('reads what another writer wrote', () => {
  const { tensors: read } = readSafetensors(readFileSync(new URL('../goldens/article.safetensors', import.meta.url)), 'article.safetensors')
  expect(read['init.layers.0.weight']!.shape).toEqual([5, 10])
  expect(read['loss']!.data).toHaveLength(1000)
  expect(read['loss']!.data).toBeInstanceOf(Float64Array)
})

test('F16, BF16 and I64 become float32 and int32', () => {
  const file = fileOf({ half: entry(0, 10, [5], 'F16'), brain: entry(10, 14, [2], 'BF16'), long: entry(14, 30, [2], 'I64') }, 30)
  const view = new DataView(file.buffer, file.length - 30)
  ;[0x3c00, 0xc000, 0x0001, 0x7c00, 0x7bff].forEach((bits, i) => view.setUint16(2 * i, bits, true))
  ;[0x3f80, 0xc0a0].forEach((bits, i) => view.setUint16(10 + 2 * i, bits, true))
  ;[7n, -3n].forEach((value, i) => view.setBigInt64(14 + 8 * i, value, true))
  const { half, brain, long } = readSafetensors(file, 'f').tensors
  expect(half!.data).toEqual(Float32Array.of(1, -2, 2 ** -24, Infinity, 65504))
  expect(brain!.data).toEqual(Float32Array.of(1, -5))
  expect(long!.data).toEqual(Int32Array.of(7, -3))
})

describe('refuses', () => {
  test.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'f: found 0 bytes, expected a safetensors file of at least 8'],
    [
      'a header beyond the file',
      fileOf({}, 0, 50),
      'f: found 10 bytes that begin with a header length of 50, expected a whole safetensors file',
    ],
    ['a header beyond all files', fileOf({}, 0, 2 ** 53), 'f: found 10 bytes that begin with a header length of 9007199254740992'],
    ['no JSON', fileOf('{"a"', 0), 'f: found a header that is not JSON, expected that of a safetensors file'],
    ['a list', fileOf([], 0), 'f: found a header that is no JSON object'],
    [
      'metadata that is no text',
      fileOf({ __metadata__: { a: 1 } }, 0),
      'f: __metadata__ of the safetensors header is not an object of texts',
    ],
    ['no description', fileOf({ a: 3 }, 4), 'f: tensor a has no description'],
    ['an unknown dtype', fileOf({ a: entry(0, 4, [1], 'C64') }, 4), 'f: tensor a has dtype "C64", expected one of F32'],
    ['an inherited dtype', fileOf({ a: entry(0, 4, [1], 'toString') }, 4), 'f: tensor a has dtype "toString"'],
    ['a negative size', fileOf({ a: entry(0, 4, [-1]) }, 4), 'f: tensor a has shape [-1], expected a list of sizes'],
    ['one offset', fileOf({ a: { ...entry(0, 4), data_offsets: [0] } }, 4), 'f: tensor a has data_offsets [0], expected begin and end'],
    ['offsets beyond the file', fileOf({ a: entry(0, 8) }, 4), 'f: tensor a lies at bytes 0 to 8, outside the 4 bytes of data'],
    ['offsets backwards', fileOf({ a: entry(4, 0, [1]) }, 4), 'f: tensor a lies at bytes 4 to 0'],
    ['a size that does not match', fileOf({ a: entry(0, 8, [3]) }, 8), 'f: tensor a has 8 bytes, but shape [3] of F32 needs 12'],
    ['an overlap', fileOf({ a: entry(0, 8), b: entry(4, 12) }, 12), 'f: tensors a and b overlap at byte 4 of the data'],
    ['a hole', fileOf({ a: entry(0, 4), b: entry(8, 12) }, 12), 'f: bytes 4 to 8 of the data belong to no tensor'],
    ['bytes left over', fileOf({ a: entry(0, 4) }, 9), 'f: bytes 4 to 9 of the data belong to no tensor'],
  ])('%s', (_, bytes, message) => {
    const read = (): unknown => readSafetensors(bytes, 'f')
    expect(read).toThrow(InputError)
    expect(read).toThrow(message)
  })

  test('every truncation', () => {
    const file = writeSafetensors(tensors)
    for (let length = 0; length < file.length; length++) expect(() => readSafetensors(file.subarray(0, length), 'f')).toThrow(InputError)
  })

  test('an I64 that int32 cannot hold', () => {
    const file = fileOf({ label: entry(0, 8, [1], 'I64') }, 8)
    new DataView(file.buffer, file.length - 8).setBigInt64(0, 2n ** 31n, true)
    expect(() => readSafetensors(file, 'f')).toThrow('f: tensor label holds 2147483648, which int32 cannot hold')
  })
})
