/** How a stack of feature maps stands: tiles in a grid across the direction of the flow. */
export interface TileGrid {
  /** So many of the channels have a tile. */
  shown: number
  rows: number
  columns: number
  pitch: number
  /** Half of a tile's sides. */
  halfWidth: number
  halfHeight: number
}

const mostTiles = { open: 64, collapsed: 16 }
/** Extent of a grid along its shorter side, which perspective foreshortens, and of the only tile. */
const shortest = 3.4
const single = 3.4
/** Of the distance between two tiles' centres, what a tile takes. */
const filled = 0.88

/**
 * Tiles of `[channels, height, width]`; of a collapsed group, and of very many channels, every n-th. `longest` is the extent of the longer side, which
 * runs along the rows where the grid is wide.
 */
export function tileGrid(
  shape: readonly number[],
  longest: number,
  { isWide, isCollapsed }: { isWide: boolean; isCollapsed: boolean },
): TileGrid {
  const [channels = 1, height = 1, width = 1] = shape
  const shown = shownTiles(channels, isCollapsed)
  const [long, short] = sidesOf(shown, longest / shortest)
  const pitch = Math.min(single, longest / long, shortest / short)
  const half = (pitch * filled) / 2
  return {
    shown,
    rows: isWide ? short : long,
    columns: isWide ? long : short,
    pitch,
    halfWidth: half * Math.min(1, width / height),
    halfHeight: half * Math.min(1, height / width),
  }
}

/** How many of a column's channels have a tile. */
export const shownTiles = (channels: number, isCollapsed: boolean): number =>
  Math.min(channels, isCollapsed ? mostTiles.collapsed : mostTiles.open)

/** The channel that a tile shows, of the channels that it stands for. */
export const channelOf = (tile: number, shown: number, channels: number): number => Math.ceil((tile * channels) / shown)
/** The tile that stands for a channel. */
export const tileOf = (channel: number, shown: number, channels: number): number => Math.floor((channel * shown) / channels)

/** Neurons between stacks of feature maps stand in a grid as narrow as theirs. */
export function narrowGrid(count: number, longest: number) {
  const [long, short] = sidesOf(count, longest / shortest)
  return { long, short, spacing: Math.min(longest / long, shortest / short) }
}

/** Of all grids that hold so many, the one with the fewest gaps and the nearest to the wanted shape. */
function sidesOf(count: number, elongation: number): [long: number, short: number] {
  let best: [number, number] = [count, 1]
  let least = Infinity
  for (let short = 1; short * short <= count; short++) {
    const long = Math.ceil(count / short)
    const cost = Math.abs(Math.log2(long / short / elongation)) + (4 * (long * short - count)) / count
    if (cost < least) {
      least = cost
      best = [long, short]
    }
  }
  return best
}
