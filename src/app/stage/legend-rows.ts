/** The legend's rows, one for each layer. */
import type { Observation } from '../../graph/observation.ts'
import type { NonFinite } from '../../inspect/layer-statistics.ts'
import type { PathNorm } from '../../inspect/path-norms.ts'
import type { ColourRange } from '../../view/types.ts'
import { t } from '../words/language.ts'
import { columnWords } from '../words/layer-words.ts'

type Observed = Pick<Observation, 'blocks' | 'columns' | 'containers'>

/** Ranges of weights and of neurons by the names of their layers, and what flows through branches. A column goes by the layer that leads to it. */
export function legendRows(
  { edges, neurons, paths }: { edges: readonly ColourRange[]; neurons: readonly ColourRange[]; paths: readonly PathNorm[] },
  { blocks, columns, containers }: Observed,
  names: ReadonlyMap<string, string>,
) {
  const layerOf = (path: string) => names.get(path.replace(/\.weight$/, '')) ?? path
  const columnName = (i: number) => {
    const block = blocks.find(({ to }) => to === i)
    const column = columns[i]
    return block ? layerOf(block.path) : column ? columnWords(column) : ''
  }
  const row = ({ path, ...range }: ColourRange, name: () => string) => ({ name: path === 'all' ? t('stage.allLayers') : name(), ...range })
  return {
    edges: edges.map((range) => row(range, () => layerOf(range.path))),
    neurons: neurons.map((range, i) => row(range, () => columnName(i))),
    paths: pathRows(paths, containers, names),
  }
}

/** The same rows before anything is measured; a single one with the global scale. */
export function unknownRows(observation: Observed, scale: 'layer' | 'global', names: ReadonlyMap<string, string>) {
  const unknown = (parts: readonly { path: string }[]) =>
    (scale === 'global' ? [{ path: 'all' }] : parts).map(({ path }) => ({ path, lo: 0, hi: 0, nan: 0, infinite: 0, count: 0 }))
  return legendRows({ edges: unknown(observation.blocks), neurons: unknown(observation.columns), paths: [] }, observation, names)
}

/** The gradient that arrives at a container's input through its bypasses and through its layers; null without such a branch. */
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

/** A row for every container that is drawn; a collapsed run is named by its first and its last. */
function pathRows(norms: readonly PathNorm[], containers: Observation['containers'], names: ReadonlyMap<string, string>): PathRow[] {
  return containers.flatMap(({ path, branches }, container): PathRow[] => {
    if (!branches.some(({ arrival }) => arrival)) return []
    const through = (isBypass: boolean): Arrival | null => {
      if (!branches.some((branch) => branch.isBypass === isBypass)) return null
      const own = norms.filter((one) => one.container === container && branches[one.branch]?.isBypass === isBypass)
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
