import { InputError } from '../errors.ts'

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/**
 * The content of a gzipped file; bytes that are not gzipped come back as they are.
 * @throws InputError when the gzip data is damaged or cut off
 */
export async function gunzip(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    const reader = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip')).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value)
      length += value.length
    }
  } catch {
    throw new InputError(`${name}: found gzip data that is damaged or cut off after ${length} unpacked bytes, expected a whole gzip file.`)
  }
  const content = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    content.set(chunk, offset)
    offset += chunk.length
  }
  return content
}
