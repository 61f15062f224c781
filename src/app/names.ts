/** Layers and parameters in a reader's words: `layers.2.weight` is `Dense 2 weight`, counted as the rail counts them. */
import type { Observation } from '../graph/observation.ts'
import type { PathNorm } from '../inspect/path-norms.ts'
import type { Layer } from '../model/types.ts'

const kinds: Partial<Record<Layer['type'], string>> = {
  dense: 'Dense',
  conv2d: 'Conv',
  batchNorm: 'Norm',
  layerNorm: 'Norm',
  residual: 'Residual',
  concat: 'Concat',
}

/** Names by path, of layers that hold parameters or other layers. */
export function layerNames(layers: readonly Layer[], path = 'layers', within = ''): Map<string, string> {
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  layers.forEach((layer, i) => {
    const kind = kinds[layer.type]
    if (!kind) return
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const name = `${within}${kind} ${count}`
    const own = `${path}.${i}`
    names.set(own, name)
    const inside: [string, readonly Layer[]][] =
      layer.type === 'residual'
        ? [
            [`${own}.layers`, layer.layers],
            [`${own}.shortcut`, layer.shortcut ?? []],
          ]
        : layer.type === 'concat'
          ? layer.branches.map((branch, k) => [`${own}.branches.${k}`, branch])
          : []
    for (const [innerPath, inner] of inside) for (const [key, value] of layerNames(inner, innerPath, `${name} · `)) names.set(key, value)
  })
  return names
}

const parameterNames: Record<string, string> = { weight: 'weight', bias: 'bias', running_mean: 'mean', running_var: 'variance' }

export function parameterName(path: string, names: ReadonlyMap<string, string>): string {
  const at = path.lastIndexOf('.')
  const layer = names.get(path.slice(0, at))
  const parameter = path.slice(at + 1)
  return layer ? `${layer} ${parameterNames[parameter] ?? parameter}` : path
}

interface Range {
  path: string
  lo: number
  hi: number
}

/** Ranges of weight matrices and of columns of neurons under the names of their layers; a column is named after what leads to it. */
export function legendRows(
  edges: readonly Range[],
  neurons: readonly Range[],
  { blocks, columns }: Pick<Observation, 'blocks' | 'columns'>,
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
  }
}

/** How much gradient arrives at a container's input through its bypasses and through its layers; null where there is no such branch. */
export interface PathRow {
  name: string
  bypass: number | null
  layers: number | null
}

/** A row for every container that is drawn; a folded run goes by its first and its last. */
export function pathRows(
  norms: readonly PathNorm[],
  { containers }: Pick<Observation, 'containers'>,
  names: ReadonlyMap<string, string>,
): PathRow[] {
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
