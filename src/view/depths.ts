import type { Observation } from '../graph/observation.ts'

/** Columns from the input to each, along the longest way. */
export function depthsOf({ columns, blocks, links }: Pick<Observation, 'columns' | 'blocks' | 'links'>): number[] {
  const depths = columns.map(() => 0)
  const after = columns.flatMap(({ after: from }, to) => (from === undefined ? [] : [{ from, to }]))
  // Nearly in the order of the computation: only a shortcut's own columns come after the sum that they lead to.
  const joins = [...blocks, ...links, ...after].sort((a, b) => a.from - b.from)
  for (let grows = true; grows;) {
    grows = false
    for (const { from, to } of joins) {
      if (depths[to]! > depths[from]!) continue
      depths[to] = depths[from]! + 1
      grows = true
    }
  }
  return depths
}
