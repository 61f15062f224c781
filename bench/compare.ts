import { timesFaster, type BenchResult, type Row } from './result.ts'

const keyOf = ({ suite, name, engine, unit }: Row) => `${suite}/${name}/${engine}/${unit}`

/** How many times faster `own` is than `other` in a row, by medians; undefined where one of them has none. */
export function comparison(other: BenchResult): (own: Row) => number | undefined {
  const medians = new Map(other.rows.filter(({ ok }) => ok).map((row) => [keyOf(row), row.median]))
  return (own) => {
    const there = medians.get(keyOf(own))
    if (!own.ok || own.median === null || there === undefined || there === null || there === 0 || own.median === 0) return undefined
    return timesFaster(own.unit, own.median, there)
  }
}
