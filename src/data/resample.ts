/** Three bytes a pixel, row by row. */
export interface RgbPicture {
  width: number
  height: number
  rgb: Uint8Array<ArrayBuffer>
}

/**
 * A picture scaled to fill another size, what juts out cut off evenly: bilinear where it grows, averaged over a triangle as wide as two of the new pixels
 * where it shrinks. Of the same size it comes back as it is.
 */
export function resample({ width, height, rgb }: RgbPicture, toWidth: number, toHeight: number): RgbPicture {
  if (width === toWidth && height === toHeight) return { width, height, rgb }
  const scale = Math.min(width / toWidth, height / toHeight)
  const columns = weights(width, toWidth, scale)
  const rows = weights(height, toHeight, scale)
  const between = new Float32Array(height * toWidth * 3)
  for (let y = 0; y < height; y++)
    columns.forEach(({ first, shares }, x) => {
      for (let colour = 0; colour < 3; colour++) {
        let sum = 0
        for (let i = 0; i < shares.length; i++) sum += shares[i]! * rgb[3 * (y * width + first + i) + colour]!
        between[3 * (y * toWidth + x) + colour] = sum
      }
    })
  const result = new Uint8Array(toWidth * toHeight * 3)
  rows.forEach(({ first, shares }, y) => {
    for (let at = 0; at < 3 * toWidth; at++) {
      let sum = 0
      for (let i = 0; i < shares.length; i++) sum += shares[i]! * between[(first + i) * 3 * toWidth + at]!
      result[y * 3 * toWidth + at] = Math.round(sum)
    }
  })
  return { width: toWidth, height: toHeight, rgb: result }
}

/** For each new pixel the old ones under its triangle, and the share of each. */
function weights(from: number, to: number, scale: number): { first: number; shares: number[] }[] {
  const reach = Math.max(1, scale)
  const offset = (from - to * scale) / 2
  return Array.from({ length: to }, (_, i) => {
    const centre = offset + (i + 0.5) * scale
    const first = Math.max(0, Math.floor(centre - reach))
    const last = Math.min(from - 1, Math.ceil(centre + reach))
    const shares = Array.from({ length: last - first + 1 }, (__, j) => Math.max(0, 1 - Math.abs(first + j + 0.5 - centre) / reach))
    const sum = shares.reduce((total, share) => total + share, 0)
    return { first, shares: shares.map((share) => share / sum) }
  })
}
