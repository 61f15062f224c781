import type { Observation } from '../graph/observation.ts'

/** Columns from the input to each, along the longest way. */
export function depthsOf({ columns, blocks, links }: Pick<Observation, 'columns' | 'blocks' | 'links'>): number[] {
  const depths = columns.map(() => 0)
  const after = columns.flatMap(({ after: from }, to) => (from === undefined ? [] : [{ from, to }]))
  // Columns come in the order of the computation, so one pass in order finds the longest way.
  const joins = [...blocks, ...links, ...after].sort((a, b) => a.from - b.from)
  for (const { from, to } of joins) depths[to] = Math.max(depths[to]!, depths[from]! + 1)
  return depths
}
