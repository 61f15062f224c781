/** Files of other kinds, known by their first bytes, so that they are refused by their own name. */
import { wrongIn } from '../errors.ts'
import { message, type Code } from '../words/say.ts'

const text = (bytes: Uint8Array, from: number, length: number) => String.fromCharCode(...bytes.subarray(from, from + length))

const signatures: [kind: Extract<Code, `foreign.${string}`>, at: number, starts: string][] = [
  ['foreign.png', 0, '\x89PNG'],
  ['foreign.jpeg', 0, '\xff\xd8\xff'],
  ['foreign.gif', 0, 'GIF8'],
  ['foreign.webp', 8, 'WEBP'],
  ['foreign.pdf', 0, '%PDF-'],
  ['foreign.7z', 0, "7z\xbc\xaf'\x1c"],
  ['foreign.bzip2', 0, 'BZh'],
  ['foreign.xz', 0, '\xfd7zXZ'],
  ['foreign.tar', 257, 'ustar'],
  ['foreign.numpy', 0, '\x93NUMPY'],
  ['foreign.hdf5', 0, '\x89HDF'],
  ['foreign.parquet', 0, 'PAR1'],
  ['foreign.arrow', 0, 'ARROW1'],
  ['foreign.sqlite', 0, 'SQLite format 3'],
  ['foreign.pickle', 0, '\x80\x04\x95'],
]

/** @throws InputError when the (unpacked) bytes are those of a kind that is known and not read here */
export function refuseForeign(name: string, bytes: Uint8Array): void {
  const kind = signatures.find(([, at, starts]) => text(bytes, at, starts.length) === starts)?.[0]
  if (kind) throw wrongIn(name, 'file.foreign', { kind: message(kind) })
}
