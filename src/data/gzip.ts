import { wrongIn } from '../errors.ts'

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** Rejects where the data is damaged or cut off; `onChunk` hears of the bytes unpacked so far. */
export async function inflated(
  bytes: Uint8Array,
  format: 'gzip' | 'deflate-raw',
  onChunk: (length: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream(format)).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    length += value.length
    onChunk(length)
  }
  const content = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    content.set(chunk, offset)
    offset += chunk.length
  }
  return content
}

/**
 * The content of a gzipped file; bytes that are not gzipped come back as they are.
 * @throws InputError when the gzip data is damaged or cut off
 */
export async function gunzip(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes
  let unpacked = 0
  try {
    return await inflated(bytes, 'gzip', (length) => (unpacked = length))
  } catch {
    throw wrongIn(name, 'file.gzip', { unpacked })
  }
}
