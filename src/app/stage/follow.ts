/** The same edge, neuron or branch in another picture of one network. */
import type { Observation } from '../../graph/observation.ts'
import type { Picked } from '../../view/types.ts'

/** The same thing by its indices in another observation of the network; null where that does not show it, as inside a collapsed group. */
export function follow(picked: Picked, before: Observation, now: Observation): Picked | null {
  const { kind } = picked
  if (kind === 'path') {
    const container = now.containers.findIndex(({ path }) => path === before.containers[picked.container]?.path)
    const branch = now.containers[container]?.branches.findIndex(({ path }) => path === picked.path) ?? -1
    return branch < 0 ? null : { ...picked, container, branch }
  }
  if (kind === 'neuron') {
    const column = sameColumn(picked.column, before, now)
    return column < 0 || picked.index >= now.columns[column]!.width ? null : { ...picked, column }
  }
  const block = now.blocks.findIndex(({ path }) => path === picked.path)
  const [from, to] = [sameColumn(picked.from, before, now), sameColumn(picked.to, before, now)]
  const found = now.blocks[block]
  const [rows = 0, columns = 0] = found?.gradient.shape ?? []
  const isSame = found?.from === from && found.to === to && picked.row < rows && picked.column < columns
  return isSame ? { ...picked, block, from, to } : null
}

function sameColumn(column: number, before: Observation, now: Observation): number {
  const old = before.columns[column]
  return now.columns.findIndex(({ path, shape }) => path === old?.path && shape.join() === old.shape.join())
}
