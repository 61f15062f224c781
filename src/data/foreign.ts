/** Files of other kinds, known by their first bytes, so that they are refused by their own name. */
import { InputError } from '../errors.ts'

const text = (bytes: Uint8Array, from: number, length: number) => String.fromCharCode(...bytes.subarray(from, from + length))

const signatures: [kind: string, at: number, starts: string][] = [
  ['a PNG image', 0, '\x89PNG'],
  ['a JPEG image', 0, '\xff\xd8\xff'],
  ['a GIF image', 0, 'GIF8'],
  ['a WebP image', 8, 'WEBP'],
  ['a PDF document', 0, '%PDF-'],
  ['a 7z archive', 0, "7z\xbc\xaf'\x1c"],
  ['a bzip2 archive', 0, 'BZh'],
  ['an xz archive', 0, '\xfd7zXZ'],
  ['a tar archive', 257, 'ustar'],
  ['a NumPy array', 0, '\x93NUMPY'],
  ['an HDF5 file', 0, '\x89HDF'],
  ['a Parquet file', 0, 'PAR1'],
  ['an Arrow file', 0, 'ARROW1'],
  ['a SQLite database', 0, 'SQLite format 3'],
  ['a Python pickle', 0, '\x80\x04\x95'],
]

/** What the page and the commands read. */
export const readable =
  'a table (CSV or JSON), IDX files, CIFAR-10, a folder or ZIP archive of images, a model (JSON) or its parameters (safetensors)'

/** @throws InputError when the (unpacked) bytes are those of a kind that is known and not read here */
export function refuseForeign(name: string, bytes: Uint8Array): void {
  const kind = signatures.find(([, at, starts]) => text(bytes, at, starts.length) === starts)?.[0]
  if (kind) throw new InputError(`${name}: found ${kind}, expected ${readable}.`)
}
