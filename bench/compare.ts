import { timesFaster, type BenchResult, type Row } from './result.ts'

const keyOf = ({ suite, name, engine, unit }: Row) => `${suite}/${name}/${engine}/${unit}`

/** The other run's median in a row, and how many times faster `own` is; undefined where one of them has none. */
export function comparison(other: BenchResult): (own: Row) => { there: number; times: number } | undefined {
  const medians = new Map(other.rows.filter(({ ok }) => ok).map((row) => [keyOf(row), row.median]))
  return (own) => {
    const there = medians.get(keyOf(own))
    if (!own.ok || own.median === null || there === undefined || there === null || there === 0 || own.median === 0) return undefined
    return { there, times: timesFaster(own.unit, own.median, there) }
  }
}
