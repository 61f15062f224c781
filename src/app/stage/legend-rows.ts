/** What the legend tells of the picture, a row a layer. */
import type { Observation } from '../../graph/observation.ts'
import type { NonFinite } from '../../inspect/layer-statistics.ts'
import type { PathNorm } from '../../inspect/path-norms.ts'
import type { ColourRange } from '../../view/types.ts'

type Shown = Pick<Observation, 'blocks' | 'columns' | 'containers'>

/** Ranges of weights and of columns of neurons under the names of their layers, a column's after what leads to it; and what flows through branches. */
export function legendRows(
  { edges, neurons, paths }: { edges: readonly ColourRange[]; neurons: readonly ColourRange[]; paths: readonly PathNorm[] },
  { blocks, columns, containers }: Shown,
  names: ReadonlyMap<string, string>,
) {
  const layerOf = (path: string) => names.get(path.replace(/\.weight$/, '')) ?? path
  const columnName = (i: number) => {
    const block = blocks.find(({ to }) => to === i)
    return block ? layerOf(block.path) : (columns[i]?.label ?? '')
  }
  const row = ({ path, ...range }: ColourRange, name: string) => ({ name: path === 'all' ? 'All layers' : name, ...range })
  return {
    edges: edges.map((range) => row(range, layerOf(range.path))),
    neurons: neurons.map((range, i) => row(range, columnName(i))),
    paths: pathRows(paths, containers, names),
  }
}

/** The same rows before anything is measured; of one scale for all where there is one. */
export function unknownRows(observation: Shown, scale: 'layer' | 'global', names: ReadonlyMap<string, string>) {
  const unknown = (parts: readonly { path: string }[]) =>
    (scale === 'global' ? [{ path: 'all' }] : parts).map(({ path }) => ({ path, lo: 0, hi: 0, nan: 0, infinite: 0, count: 0 }))
  return legendRows({ edges: unknown(observation.blocks), neurons: unknown(observation.columns), paths: [] }, observation, names)
}

/** How much gradient arrives at a container's input through its bypasses and through its layers; null where there is no such branch. */
export interface PathRow {
  name: string
  bypass: Arrival | null
  layers: Arrival | null
}

/** The norm of what arrives, NaN or infinite where one of the `count` numbers is. */
export interface Arrival extends NonFinite {
  norm: number
  count: number
}

/** A row for every container that is drawn; a folded run goes by its first and its last. */
function pathRows(norms: readonly PathNorm[], containers: Observation['containers'], names: ReadonlyMap<string, string>): PathRow[] {
  return containers.flatMap(({ path, branches }, container): PathRow[] => {
    if (!branches.some(({ arrival }) => arrival)) return []
    const through = (isBypass: boolean): Arrival | null => {
      if (!branches.some((branch) => branch.isBypass === isBypass)) return null
      const own = norms.filter((one) => one.container === container && branches[one.branch]!.isBypass === isBypass)
      const sum = (of: (one: PathNorm) => number) => own.reduce((before, one) => before + of(one), 0)
      const [nan, infinite, count] = [sum((one) => one.nan), sum((one) => one.infinite), sum((one) => one.count)]
      // Math.hypot of NaN and infinity is infinite.
      return { nan, infinite, count, norm: nan > 0 ? NaN : Math.hypot(...own.map(({ norm }) => norm)) }
    }
    const name = path
      .split(' to ')
      .map((part) => names.get(part) ?? part)
      .join(' – ')
    return [{ name, bypass: through(true), layers: through(false) }]
  })
}
