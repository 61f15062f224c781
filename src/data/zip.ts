/** ZIP archives (PKWARE's APPNOTE.TXT): entries stored or deflated, each checked against its length and CRC-32. */
import { wrongIn } from '../errors.ts'
import { inflated } from './gzip.ts'
import type { DataFile, DataFolder } from './source.ts'

const [endSignature, entrySignature, localSignature] = [0x06054b50, 0x02014b50, 0x04034b50]
const [endLength, entryLength, localLength] = [22, 46, 30]
/** Lengths of this stand for larger ones, kept elsewhere. */
const zip64 = 0xffffffff
/** Unpacked bytes of one archive at most. */
const largestContent = 2 ** 31

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)

interface Entry {
  path: string
  method: number
  crc: number
  packed: number
  size: number
  at: number
}

/** All files and folders of an archive. @throws InputError, with the file within it, when it is damaged, encrypted or packed in another way */
export async function unzip(name: string, bytes: Uint8Array): Promise<DataFolder> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = directoryOf(name, bytes, view)
  const content = entries.reduce((sum, { size }) => sum + size, 0)
  if (content > largestContent) throw wrongIn(name, 'zip.size', { found: content, most: largestContent })
  const files: DataFile[] = []
  for (const entry of entries) files.push({ name: entry.path, bytes: await unpacked(`${name}/${entry.path}`, bytes, view, entry) })
  return { name, entries: files }
}

function directoryOf(name: string, bytes: Uint8Array, view: DataView): Entry[] {
  let end = bytes.length - endLength
  const first = Math.max(0, end - 0xffff)
  while (end >= first && view.getUint32(end, true) !== endSignature) end--
  if (end < first) throw wrongIn(name, 'zip.noDirectory')
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  if (count === 0xffff || at === zip64) throw wrongIn(name, 'zip.zip64')
  const entries: Entry[] = []
  for (let i = 0; i < count; i++) {
    if (at + entryLength > end || view.getUint32(at, true) !== entrySignature) throw wrongIn(name, 'zip.directory', { entry: i + 1, count })
    const [pathLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ]
    const path = new TextDecoder().decode(bytes.subarray(at + entryLength, at + entryLength + pathLength)).replaceAll('\\', '/')
    if (view.getUint16(at + 8, true) & 1) throw wrongIn(`${name}/${path}`, 'zip.encrypted')
    entries.push({
      path,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    })
    at += entryLength + pathLength + extraLength + commentLength
  }
  return entries
}

async function unpacked(path: string, bytes: Uint8Array, view: DataView, { method, crc, packed, size, at }: Entry): Promise<Uint8Array> {
  if (at + localLength > bytes.length || view.getUint32(at, true) !== localSignature) throw wrongIn(path, 'zip.noFile')
  const start = at + localLength + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  const stored = bytes.subarray(start, start + packed)
  if (stored.length < packed) throw wrongIn(path, 'zip.cut', { found: stored.length, expected: packed })
  if (method !== 0 && method !== 8) throw wrongIn(path, 'zip.method', { found: method })
  const content = method === 0 ? stored : await inflated(stored, 'deflate-raw').catch(() => null)
  if (!content || content.length !== size || crc32(content) !== crc) throw wrongIn(path, 'zip.damaged')
  return content
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 as ZIP, gzip and PNG use it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
