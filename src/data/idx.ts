/** IDX, the format of MNIST: two zero bytes, a type, a rank, the sizes as big-endian 32-bit numbers, then the values, big-endian. */
import { wrongIn } from '../errors.ts'
import { gunzip } from './gzip.ts'
import type { SampleArray } from './labelled.ts'

type IdxValues = SampleArray['values']

interface ValueType {
  type: SampleArray['type']
  size: number
  read: (view: DataView<ArrayBuffer>, count: number) => IdxValues
}

const valueTypes: Record<number, ValueType> = {
  0x08: { type: 'u8', size: 1, read: (view, count) => new Uint8Array(view.buffer, view.byteOffset, count) },
  0x09: { type: 'i8', size: 1, read: (view, count) => new Int8Array(view.buffer, view.byteOffset, count) },
  0x0b: { type: 'i16', size: 2, read: (view, count) => Int16Array.from({ length: count }, (_, i) => view.getInt16(2 * i)) },
  0x0c: { type: 'i32', size: 4, read: (view, count) => Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i)) },
  0x0d: { type: 'f32', size: 4, read: (view, count) => Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i)) },
  0x0e: { type: 'f64', size: 8, read: (view, count) => Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i)) },
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

/** Whether (unpacked) bytes begin as an IDX file does. */
export const looksLikeIdx = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && Object.hasOwn(valueTypes, bytes[2]!) && bytes[3]! > 0

/**
 * Reads an IDX file of any type and rank, gzipped or not. Values of type u8 look into the file's own bytes where it was not gzipped.
 * @throws InputError on a wrong magic number, a file cut off, or bytes left over
 */
export async function parseIdx(name: string, bytes: Uint8Array): Promise<SampleArray> {
  const content = await gunzip(name, bytes)
  const { length } = content
  if (length < 4) throw wrongIn(name, 'idx.magic', { length })
  const valueType = valueTypes[content[2]!]
  const rank = content[3]!
  if (content[0] !== 0 || content[1] !== 0 || !valueType || rank === 0)
    throw wrongIn(name, 'idx.magicNumber', { bytes: hex(content.subarray(0, 4)) })
  const header = 4 + 4 * rank
  if (length < header) throw wrongIn(name, 'idx.header', { length, header, rank })
  const view = new DataView(content.buffer as ArrayBuffer, content.byteOffset, content.byteLength)
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  const count = shape.reduce((product, size) => product * size, 1)
  const expected = header + count * valueType.size
  if (length !== expected) throw wrongIn(name, 'idx.length', { length, expected, shape: shape.join('×'), type: valueType.type })
  const body = new DataView(content.buffer as ArrayBuffer, content.byteOffset + header, count * valueType.size)
  return { name, type: valueType.type, shape, values: valueType.read(body, count) }
}
