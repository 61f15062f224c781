import { timesFaster, type BenchResult, type Row } from './result.ts'

const keyOf = ({ suite, name, engine, unit }: Row) => `${suite}/${name}/${engine}/${unit}`

/** Its results have no row of gradscope: beside that stands PyTorch's faster way. */
function medianOfPyTorch({ suite, name, unit }: Row, { rows }: BenchResult): number | undefined {
  const alike = rows.filter(
    (row) => row.ok && row.suite === suite && row.name === name && row.unit === unit && row.engine.startsWith('pytorch'),
  )
  const medians = alike.flatMap(({ median }) => median ?? [])
  return medians.length === 0 ? undefined : medians.reduce((best, median) => (timesFaster(unit, median, best) > 1 ? median : best))
}

/** The other run's median in a row, and how many times faster `own` is; undefined where one of them has none. */
export function comparison(other: BenchResult): (own: Row) => { there: number; times: number } | undefined {
  const medians = new Map(other.rows.filter(({ ok }) => ok).map((row) => [keyOf(row), row.median]))
  return (own) => {
    const there = medians.get(keyOf(own)) ?? (own.engine === 'gradscope' ? medianOfPyTorch(own, other) : undefined)
    if (!own.ok || own.median === null || there === undefined || there === null || there === 0 || own.median === 0) return undefined
    return { there, times: timesFaster(own.unit, own.median, there) }
  }
}
