/** Where kernels stand under the adapter's roof: the lower of its arithmetic and of its bandwidth times the intensity. */
import type { Row } from './result.ts'

export interface Roof {
  /** GFLOP/s of multiply-adds. */
  peak: number
  /** GB/s of copying. */
  bandwidth: number
}

export interface RoofPoint {
  name: string
  engine: string
  /** Operations per byte that must cross memory. */
  intensity: number
  gflops: number
  /** Share of the roof at this intensity; above 1 where a cache serves what the roof takes from memory. */
  ofRoof: number
}

/** The highest medians among the limits, half precision apart; undefined where they were not measured. */
export function roofOf(rows: readonly Row[]): Roof | undefined {
  const highest = (unit: Row['unit']) =>
    Math.max(
      0,
      ...rows
        .filter((row) => row.suite === 'limits' && row.unit === unit && row.ok && !row.name.includes('vec4h'))
        .map(({ median }) => median ?? 0),
    )
  const roof = { peak: highest('GFLOP/s'), bandwidth: highest('GB/s') }
  return roof.peak > 0 && roof.bandwidth > 0 ? roof : undefined
}

export const heightAt = ({ peak, bandwidth }: Roof, intensity: number): number => Math.min(peak, bandwidth * intensity)

/** Intensity from which on arithmetic and not memory is the limit. */
export const ridge = ({ peak, bandwidth }: Roof): number => peak / bandwidth

export function pointsOf(rows: readonly Row[], roof: Roof): RoofPoint[] {
  return rows.flatMap(({ suite, name, engine, unit, median, intensity, ok }) => {
    if (suite !== 'kernels' || !ok || median === null || intensity === undefined) return []
    const gflops = unit === 'GB/s' ? median * intensity : median
    return [{ name, engine, intensity, gflops, ofRoof: gflops / heightAt(roof, intensity) }]
  })
}
