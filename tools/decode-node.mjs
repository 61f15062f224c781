// @ts-check
// PNG and JPEG decoded in Node, where no browser does it.
import jpeg from 'jpeg-js'
import { PNG } from 'pngjs'

/** JPEG images of more than this many million pixels are refused, so that a damaged header cannot fill the memory. */
const mostMegapixels = 100

/** @type {import('../src/data/image-set.ts').DecodeImage} */
export async function decodeInNode(bytes) {
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47)) {
    const { width, height, data } = PNG.sync.read(Buffer.from(bytes))
    return { width, height, rgba: data }
  }
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) {
    const decoded = jpeg.decode(bytes, { useTArray: true, maxResolutionInMP: mostMegapixels })
    const { exifBuffer } = /** @type {{ exifBuffer?: Uint8Array }} */ (decoded)
    return turned({ width: decoded.width, height: decoded.height, rgba: decoded.data }, exifBuffer ? orientationOf(exifBuffer) : 1)
  }
  throw new Error('it is neither PNG nor JPEG')
}

/** @param {Uint8Array} bytes @param {number[]} first */
const startsWith = (bytes, ...first) => first.every((byte, i) => bytes[i] === byte)

/** How the camera was held, 1 to 8 as Exif counts it; 1 where that is not told. @param {Uint8Array} exif TIFF, or TIFF behind `Exif\0\0` */
function orientationOf(exif) {
  const tiff = startsWith(exif, 0x45, 0x78, 0x69, 0x66) ? exif.subarray(6) : exif
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (tiff.length < 8) return 1
  const little = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return 1
  const entries = view.getUint16(directory, little)
  for (let at = directory + 2; at + 12 <= Math.min(tiff.length, directory + 2 + 12 * entries); at += 12)
    if (view.getUint16(at, little) === 0x0112) {
      const orientation = view.getUint16(at + 8, little)
      return orientation >= 1 && orientation <= 8 ? orientation : 1
    }
  return 1
}

/** As a browser shows it. @param {{ width: number, height: number, rgba: Uint8Array }} picture @param {number} orientation */
function turned({ width, height, rgba }, orientation) {
  if (orientation === 1) return { width, height, rgba }
  const swapped = orientation > 4
  const [w, h] = swapped ? [height, width] : [width, height]
  const result = new Uint8Array(rgba.length)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [u, v] = swapped ? [y, x] : [x, y]
      const flipsAcross = [2, 3, 7, 8].includes(orientation)
      const flipsDown = [3, 4, 6, 7].includes(orientation)
      const from = 4 * ((flipsDown ? height - 1 - v : v) * width + (flipsAcross ? width - 1 - u : u))
      result.set(rgba.subarray(from, from + 4), 4 * (y * w + x))
    }
  return { width: w, height: h, rgba: result }
}
