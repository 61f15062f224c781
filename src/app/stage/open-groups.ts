/** Which groups of the network are open: at first as many as there is room for, then as a person opens and collapses them. */
import type { Observation } from '../../graph/observation.ts'
import { collapse, openByDefault, type CollapsedObservation } from '../../view/collapse.ts'
import type { OpenGroups } from '../run/display.ts'

/** What tells a network's picture from another's. */
export const networkOf = ({ columns }: Observation): string => columns.map(({ path, label }) => `${path} ${label}`).join('\n')

const openOf = (all: Observation, groups: OpenGroups | null): Set<string> =>
  groups?.network === networkOf(all) ? new Set(groups.paths) : openByDefault(all)

/** The network with its other groups collapsed. */
export const collapsed = (all: Observation, groups: OpenGroups | null): CollapsedObservation => collapse(all, openOf(all, groups))

/** With a group opened that is collapsed, or collapsed that is open. */
export function toggled(all: Observation, groups: OpenGroups | null, path: string): OpenGroups {
  const open = openOf(all, groups)
  if (!open.delete(path)) open.add(path)
  return { network: networkOf(all), paths: [...open] }
}
