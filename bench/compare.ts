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

export interface Comparison {
  there: number
  /** How many times faster it is here; undefined where it was not measured here. */
  times?: number
}

/** The other run's median in a row, beside this one's; undefined where the other has none. */
export function comparison(other: BenchResult): (own: Row) => Comparison | undefined {
  const medians = new Map(other.rows.filter(({ ok }) => ok).map((row) => [keyOf(row), row.median]))
  return (own) => {
    const there = medians.get(keyOf(own)) ?? (own.engine === 'gradscope' ? medianOfPyTorch(own, other) : undefined)
    if (!there) return undefined
    return own.ok && own.median ? { there, times: timesFaster(own.unit, own.median, there) } : { there }
  }
}

const unmeasured = { median: null, best: null, spread: null, blocks: 0, ok: true, error: null }

/** What only the other run has measured, as rows that hold nothing here. */
export function onlyThere(own: readonly Row[], other: BenchResult): Row[] {
  const known = new Set(own.map(keyOf))
  return other.rows
    .filter((row) => row.ok && row.median !== null && !known.has(keyOf(row)))
    .map(({ suite, name, engine, unit }) => ({ suite, name, engine, unit, ...unmeasured }))
}
