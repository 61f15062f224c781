/** What is wrong with a model before it trains. A function of the model file, and of the data where they are known. */
import type { ArgumentsOf, Code } from '../../../words/say.ts'
import type { ModelFile } from '../../../model/types.ts'
import { placedLayers, type PlacedLayer } from '../../../model/shapes.ts'
import { layerAt } from '../../../model/places.ts'
import type { DataFacts } from '../facts.ts'
import type { Hit, Remedy, Severity } from '../finding.ts'

export interface Linted {
  model: ModelFile
  data: DataFacts | null
  placed: readonly PlacedLayer[]
}

export type LintRule = (linted: Linted) => Hit[]

export const lintedOf = (model: ModelFile, data: DataFacts | null): Linted => ({ model, data, placed: placedLayers(model) })

/** A hit at a layer. */
export function at<C extends Code & `lint.${string}`>(
  { layer, path }: Pick<PlacedLayer, 'layer' | 'path'>,
  code: C,
  about: { measured: number; threshold: number; source: string; severity?: Severity; remedies: readonly Remedy[] },
  ...[values]: ArgumentsOf<C, 'where' | 'measured' | 'threshold' | 'source'>
): Hit {
  const { measured, threshold, source, severity = 'warning', remedies } = about
  const all = { ...(values as object), where: layerAt(layer.type, path), measured, threshold, source }
  return { severity, layer: path, measured, threshold, source, remedies, sentence: { code, values: all } }
}

/** The model's layers without the one at a path, or with another list of layers in its place. */
export function replaced(model: ModelFile, path: string, by: (layer: PlacedLayer['layer']) => PlacedLayer['layer'][]): Partial<ModelFile> {
  const copy = structuredClone(model.layers)
  const steps = path.split('.').slice(1)
  let list = copy as unknown as Record<string, unknown>
  for (const step of steps.slice(0, -1)) list = list[step] as Record<string, unknown>
  const layers = list as unknown as PlacedLayer['layer'][]
  const index = Number(steps.at(-1))
  layers.splice(index, 1, ...by(layers[index]!))
  return { layers: copy }
}
