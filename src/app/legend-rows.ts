/** What the legend tells of the picture, a row a layer. */
import type { Observation } from '../graph/observation.ts'
import type { PathNorm } from '../inspect/path-norms.ts'

interface Range {
  path: string
  lo: number
  hi: number
}

type Shown = Pick<Observation, 'blocks' | 'columns' | 'containers'>

/** Ranges of weights and of columns of neurons under the names of their layers, a column's after what leads to it; and what flows through branches. */
export function legendRows(
  { edges, neurons, paths }: { edges: readonly Range[]; neurons: readonly Range[]; paths: readonly PathNorm[] },
  { blocks, columns, containers }: Shown,
  names: ReadonlyMap<string, string>,
) {
  const layerOf = (path: string) => names.get(path.replace(/\.weight$/, '')) ?? path
  const columnName = (i: number) => {
    const block = blocks.find(({ to }) => to === i)
    return block ? layerOf(block.path) : (columns[i]?.label ?? '')
  }
  const row = ({ path, lo, hi }: Range, name: string) => ({ name: path === 'all' ? 'All layers' : name, lo, hi })
  return {
    edges: edges.map((range) => row(range, layerOf(range.path))),
    neurons: neurons.map((range, i) => row(range, columnName(i))),
    paths: pathRows(paths, containers, names),
  }
}

/** The same rows before anything is measured; of one scale for all where there is one. */
export function unknownRows(observation: Shown, scale: 'layer' | 'global', names: ReadonlyMap<string, string>) {
  const unknown = (parts: readonly { path: string }[]) =>
    (scale === 'global' ? [{ path: 'all' }] : parts).map(({ path }) => ({ path, lo: 0, hi: 0 }))
  return legendRows({ edges: unknown(observation.blocks), neurons: unknown(observation.columns), paths: [] }, observation, names)
}

/** How much gradient arrives at a container's input through its bypasses and through its layers; null where there is no such branch. */
export interface PathRow {
  name: string
  bypass: number | null
  layers: number | null
}

/** A row for every container that is drawn; a folded run goes by its first and its last. */
function pathRows(norms: readonly PathNorm[], containers: Observation['containers'], names: ReadonlyMap<string, string>): PathRow[] {
  return containers.flatMap(({ path, branches }, container): PathRow[] => {
    if (!branches.some(({ arrival }) => arrival)) return []
    const through = (isBypass: boolean) => {
      if (!branches.some((branch) => branch.isBypass === isBypass)) return null
      const own = norms.filter((one) => one.container === container && branches[one.branch]!.isBypass === isBypass)
      return Math.hypot(...own.map(({ norm }) => norm))
    }
    const name = path
      .split(' to ')
      .map((part) => names.get(part) ?? part)
      .join(' – ')
    return [{ name, bypass: through(true), layers: through(false) }]
  })
}
