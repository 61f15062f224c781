import { colourTables } from './colour-tables.ts'

/** sRGB, 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number]
export type ColourMap = keyof typeof colourTables

/** A gradient that is exactly zero. */
export const zeroColour: Rgb = [128, 128, 128]
/** A number that is NaN or infinite. */
export const nonFiniteColour: Rgb = [255, 0, 255]

/** The maps' darkest colours cannot be told from the dark background: the weakest edge has the colour at this place of its map. */
export const darkestShown = 0.15

const tables = Object.fromEntries(
  Object.entries(colourTables).map(([name, hex]) => [name, Array.from({ length: 256 }, (_, i) => parseHex(hex.slice(6 * i, 6 * i + 6)))]),
) as Record<ColourMap, Rgb[]>

function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** Place of a gradient between `lo` and `hi` on a logarithmic scale, 0 … 1. */
export function strengthOf(value: number, lo: number, hi: number): number {
  const share = Math.log2(Math.abs(value) / lo) / Math.log2(hi / lo)
  return Math.min(1, Math.max(0, share))
}

/** Colour of an edge whose gradient is `value`, between the magnitudes `lo` and `hi` (`legend()`), as the view draws it. */
export function colourOf(value: number, lo: number, hi: number, map: ColourMap): Rgb {
  if (!Number.isFinite(value)) return nonFiniteColour
  if (value === 0) return zeroColour
  return mapColour(strengthOf(value, lo, hi), map)
}

/** Colour of a strength 0 … 1. */
export function mapColour(strength: number, map: ColourMap): Rgb {
  const place = darkestShown + (1 - darkestShown) * strength
  return tables[map][Math.min(255, Math.floor(256 * place))]!
}

/** The map from weakest to strongest as a CSS gradient, for a legend. */
export function cssGradient(map: ColourMap, direction = '90deg', stops = 16): string {
  const colours = Array.from({ length: stops }, (_, i) => `rgb(${mapColour(i / (stops - 1), map).join(' ')})`)
  return `linear-gradient(${direction}, ${colours.join(', ')})`
}

// Blue for negative, through the dark of the background, to amber for positive.
const divergingStops: Rgb[] = [
  parseHex('9fd4ff'),
  parseHex('3f86d8'),
  parseHex('1f4a80'),
  parseHex('262c3a'),
  parseHex('7a4317'),
  parseHex('e08a2c'),
  parseHex('ffd08a'),
]
const diverging = Array.from({ length: 256 }, (_, i): Rgb => {
  const place = (i / 255) * (divergingStops.length - 1)
  const stop = Math.min(divergingStops.length - 2, Math.floor(place))
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(divergingStops[stop]![channel] + (place - stop) * (divergingStops[stop + 1]![channel] - divergingStops[stop]![channel]))
  return [mix(0), mix(1), mix(2)]
})

/** Colour at the centre of a neuron with this activation, `scale` the largest magnitude in its column. */
export function neuronColourOf(value: number, scale: number): Rgb {
  if (!Number.isFinite(value)) return nonFiniteColour
  const share = scale > 0 ? Math.min(1, Math.max(-1, value / scale)) : 0
  return diverging[Math.min(255, Math.floor(256 * (0.5 + 0.5 * share)))]!
}

/** Least share of the map, from its middle, of a neuron's gradient: its sign is to be seen. */
export const weakestShown = 0.15

/** Colour of a neuron by ∂L/∂activation, between the magnitudes `lo` and `hi` (`neuronLegend()`) on a logarithmic scale. */
export function neuronGradientColourOf(value: number, lo: number, hi: number): Rgb {
  if (!Number.isFinite(value)) return nonFiniteColour
  if (value === 0) return zeroColour
  const strength = Math.min(1, Math.max(0, 1 - Math.log2(hi / Math.abs(value)) / Math.max(1e-3, Math.log2(hi / lo))))
  return neuronColourOf(Math.sign(value) * (weakestShown + (1 - weakestShown) * strength), 1)
}

/** Where things stand in `colourTableLinear`. */
export const tableRows = { inferno: 0, cividis: 256, zero: 512, nonFinite: 513, diverging: 514, length: 770 } as const

/** Linear light of sRGB 0 … 255. */
export function linearOf(channel: number): number {
  const c = channel / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}

/** Every colour above in linear light, four floats each: what the shaders look up. */
export function colourTableLinear(): Float32Array<ArrayBuffer> {
  const all = [...tables.inferno, ...tables.cividis, zeroColour, nonFiniteColour, ...diverging]
  return Float32Array.from(all.flatMap((rgb) => [...rgb.map(linearOf), 1]))
}
