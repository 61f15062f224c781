/** Files of images as a user has them: PNG, JPEG, ZIP archives, CIFAR-10's binary version. */
import { crc32, deflateRawSync } from 'node:zlib'
import jpeg from 'jpeg-js'
import { PNG } from 'pngjs'
import type { DataFile } from '../../src/data/source.ts'

type Colour = readonly [red: number, green: number, blue: number, alpha?: number]

/** RGBA of a picture whose pixel at (x, y) has a colour. */
function pixels(width: number, height: number, colour: (x: number, y: number) => Colour): Uint8Array {
  const rgba = new Uint8Array(4 * width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha = 255] = colour(x, y)
      rgba.set([red, green, blue, alpha], 4 * (y * width + x))
    }
  return rgba
}

export function png(width: number, height: number, colour: (x: number, y: number) => Colour): Uint8Array {
  const image = new PNG({ width, height })
  image.data.set(pixels(width, height, colour))
  return new Uint8Array(PNG.sync.write(image))
}

export const jpg = (width: number, height: number, colour: (x: number, y: number) => Colour): Uint8Array =>
  new Uint8Array(jpeg.encode({ width, height, data: pixels(width, height, colour) }, 100).data)

/** A ZIP archive of files, deflated or stored; a path that ends with a slash is a folder. */
export function zip(files: Record<string, Uint8Array>, method: 0 | 8 = 8): Uint8Array<ArrayBuffer> {
  const local: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path)
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content)
    const header = Buffer.alloc(26)
    header.writeUInt16LE(20, 0)
    header.writeUInt16LE(method, 4)
    header.writeUInt32LE(crc32(content), 10)
    header.writeUInt32LE(packed.length, 14)
    header.writeUInt32LE(content.length, 18)
    header.writeUInt16LE(name.length, 22)
    const first = Buffer.concat([Buffer.from('PK\x03\x04'), header, name, packed])
    const attributes = Buffer.alloc(14)
    attributes.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), header, attributes, name]))
    local.push(first)
    offset += first.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Uint8Array.from(Buffer.concat([...local, listed, end]))
}

/** A file of CIFAR-10's binary version: record i of class `i % 10`, its picture bright in one of the three colours by its class. */
export function cifar10File(name: string, records: number): DataFile & { bytes: Uint8Array<ArrayBuffer> } {
  const bytes = new Uint8Array(records * 3073)
  for (let record = 0; record < records; record++) {
    const label = record % 10
    bytes[record * 3073] = label
    for (let i = 0; i < 3072; i++) {
      const [colour, row] = [Math.floor(i / 1024), Math.floor((i % 1024) / 32)]
      bytes[record * 3073 + 1 + i] = ((i * 37 + record * 11) % 64) + (row >= 3 * label && row < 3 * label + 4 ? 60 * (colour + 1) : 0)
    }
  }
  return { name, bytes }
}
