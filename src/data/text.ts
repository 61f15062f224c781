import { wrongIn } from '../errors.ts'

/** @throws InputError when the bytes are no UTF-8 text */
export function decodeText(name: string, bytes: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw wrongIn(name, 'file.notUtf8')
  }
  if (text.includes('\0')) throw wrongIn(name, 'file.zeroByte', { at: text.indexOf('\0') })
  return text
}

/** The first byte of a text that is no blank, past a byte order mark. */
export function firstByte(bytes: Uint8Array): number | undefined {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return bytes.subarray(isMarked ? 3 : 0).find((byte) => byte > 0x20)
}
