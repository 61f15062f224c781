import { within, wrong, wrongAt } from '../errors.ts'
import { shapeText } from './shape.ts'
import { found } from './schema.ts'

type Data = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

/** A tensor in row-major order. */
export interface StoredTensor {
  shape: number[]
  data: Data
}

interface Entry {
  name: string
  dtype: string
  shape: number[]
  begin: number
  end: number
}

const lengthBytes = 8
const alignment = 8
const metadataKey = '__metadata__'

function dtypeOf(data: ArrayBufferView): string {
  if (data instanceof Float32Array) return 'F32'
  if (data instanceof Float64Array) return 'F64'
  if (data instanceof Int32Array) return 'I32'
  return 'U8'
}

/**
 * A safetensors file: 8 bytes of header length, the header in JSON, the tensors' bytes in the order given. The same tensors and metadata
 * give the same bytes.
 */
export function writeSafetensors(
  tensors: Record<string, { shape: readonly number[]; data: Float32Array | Float64Array | Int32Array | Uint8Array }>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  let at = 0
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const begin = at
    at += data.byteLength
    return [name, { dtype: dtypeOf(data), shape, data_offsets: [begin, at] }] as const
  })
  const header = Object.keys(metadata).length > 0 ? [[metadataKey, metadata] as const, ...entries] : entries
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)))
  const headerLength = Math.ceil(text.length / alignment) * alignment
  const file = new Uint8Array(lengthBytes + headerLength + at)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true)
  file.fill(0x20, lengthBytes, lengthBytes + headerLength)
  file.set(text, lengthBytes)
  let begin = lengthBytes + headerLength
  for (const { data } of Object.values(tensors)) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), begin)
    begin += data.byteLength
  }
  return file
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

function longToInt(buffer: ArrayBuffer, tensor: string): Int32Array<ArrayBuffer> {
  const values = new BigInt64Array(buffer)
  const beyond = values.find((value) => BigInt.asIntN(32, value) !== value)
  if (beyond !== undefined) throw wrongAt(tensor, 'tensors.int32', { found: String(beyond) })
  return Int32Array.from(values, Number)
}

/** Bytes of one element, and how the bytes of a tensor become numbers. */
const dtypes: Record<string, { bytes: number; read: (buffer: ArrayBuffer, tensor: string) => Data }> = {
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  F64: { bytes: 8, read: (buffer) => new Float64Array(buffer) },
  F16: { bytes: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber) },
  BF16: { bytes: 2, read: (buffer) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer) },
  I32: { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  I64: { bytes: 8, read: longToInt },
  U8: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount)
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < lengthBytes) throw wrong('tensors.short', { length: bytes.length, least: lengthBytes })
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > bytes.length - lengthBytes) throw wrong('tensors.cut', { length: bytes.length, header: String(length) })
  const dataStart = lengthBytes + Number(length)
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(lengthBytes, dataStart)))
  } catch {
    throw wrong('tensors.notJson')
  }
  if (!isObject(header)) throw wrong('tensors.noObject')
  return { header, dataStart }
}

function parseEntry(name: string, value: unknown, dataLength: number): Entry {
  if (!isObject(value)) throw wrongAt(name, 'tensors.undescribed')
  const { dtype, shape, data_offsets: offsets } = value
  const known = typeof dtype === 'string' && Object.hasOwn(dtypes, dtype) ? dtypes[dtype] : undefined
  if (!known) throw wrongAt(name, 'tensors.dtype', { found: found(dtype), choices: Object.keys(dtypes) })
  if (!isCounts(shape)) throw wrongAt(name, 'tensors.sizes', { found: found(shape) })
  if (!isCounts(offsets) || offsets.length !== 2) throw wrongAt(name, 'tensors.offsets', { found: found(offsets) })
  const [begin, end] = offsets as [number, number]
  if (begin > end || end > dataLength) throw wrongAt(name, 'tensors.outside', { begin, end, length: dataLength })
  const expected = shape.reduce((product, size) => product * size, known.bytes)
  if (end - begin !== expected)
    throw wrongAt(name, 'tensors.length', { found: end - begin, shape: shapeText(shape), dtype: dtype as string, expected })
  return { name, dtype: dtype as string, shape, begin, end }
}

/** The format allows neither overlaps nor holes. */
function checkCovered(entries: Entry[], dataLength: number): void {
  let at = 0
  let before = ''
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at) throw wrongAt(name, 'tensors.overlap', { before, at: begin })
    if (begin > at) throw wrong('tensors.hole', { begin: at, end: begin })
    at = end
    before = name
  }
  if (at !== dataLength) throw wrong('tensors.hole', { begin: at, end: dataLength })
}

/**
 * The tensors of a safetensors file: F32, F64, I32, U8 as they are, F16 and BF16 as float32, I64 as int32. `file` names it in messages.
 * Throws an InputError for a header that is no JSON or longer than the file, offsets that overlap, leave holes or lie outside the file,
 * and sizes that do not match shape and dtype.
 */
export const readSafetensors = (bytes: Uint8Array, file: string): Stored => within(file, () => read(bytes))

interface Stored {
  tensors: Record<string, StoredTensor>
  metadata: Record<string, string>
}

function read(bytes: Uint8Array): Stored {
  const { header, dataStart } = parseHeader(bytes)
  const { [metadataKey]: metadata = {}, ...described } = header
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw wrong('tensors.metadata', { key: metadataKey })
  }
  const dataLength = bytes.length - dataStart
  const entries = Object.entries(described).map(([name, value]) => parseEntry(name, value, dataLength))
  checkCovered(entries, dataLength)
  const tensors = entries.map(({ name, dtype, shape, begin, end }) => {
    const copy = new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end)).buffer
    return [name, { shape, data: dtypes[dtype]!.read(copy, name) }] as const
  })
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> }
}
