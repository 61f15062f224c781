/** Layers and parameters in a reader's words: `layers.2.weight` is `Dense 2 weight`, counted as the rail counts them. */
import type { ObservedParameter } from '../../graph/observation.ts'
import { innerOf, kindOf } from '../../model/catalogue/layers.ts'
import type { Layer } from '../../model/types.ts'
import { t } from './language.ts'

/** Names by path, of layers that hold parameters or other layers. */
export function layerNames(layers: readonly Layer[], path = 'layers', within = ''): Map<string, string> {
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  layers.forEach((layer, i) => {
    const { short } = kindOf(layer)
    if (!short) return
    // Kinds with one short name are counted together, whatever a language calls them.
    const count = (counts.get(short) ?? 0) + 1
    counts.set(short, count)
    const name = `${within}${t('layers.short', { type: layer.type, short })} ${count}`
    const own = `${path}.${i}`
    names.set(own, name)
    for (const inner of innerOf(layer))
      for (const [key, value] of layerNames(inner.layers, `${own}.${inner.name}`, `${name} · `)) names.set(key, value)
  })
  return names
}

/** Of norms: `Norm 1 weight γ`, `Norm 1 bias β`. */
export function parameterName(path: string, names: ReadonlyMap<string, string>, kind?: ObservedParameter['kind']): string {
  const at = path.lastIndexOf('.')
  const layer = names.get(path.slice(0, at))
  const parameter = path.slice(at + 1)
  const letter = kind === 'norm' ? ({ weight: 'γ', bias: 'β' }[parameter] ?? '') : ''
  return layer ? t('layers.parameter', { layer, parameter, letter }) : path
}
