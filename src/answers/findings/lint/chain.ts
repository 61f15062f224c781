/** What follows what within a list of layers. */
import { innerOf } from '../../../model/catalogue/layers.ts'
import type { ActivationName, Layer } from '../../../model/types.ts'
import { message } from '../../../words/say.ts'
import { thresholds } from '../../../inspect/diagnosis.ts'
import { hasWeights, hiddenActivations, holdsWeights, isActivationLayer, isContainer, isNorm } from '../cures/layer-lists.ts'
import { norms, reluWithHe } from '../cures/remedies.ts'
import type { Evidence } from '../evidence.ts'
import { sources } from '../sources.ts'
import { at, replaced, type LintRule } from './lint.ts'

/** All lists of layers, with the path of each. */
function lists(layers: readonly Layer[], prefix = 'layers'): { layers: readonly Layer[]; prefix: string }[] {
  const within = layers.flatMap((layer, i) => innerOf(layer).flatMap((inner) => lists(inner.layers, `${prefix}.${i}.${inner.name}`)))
  return [{ layers, prefix }, ...within]
}

/** Neither bends a line: what stands before and after them is one linear layer. */
const isStraight = ({ type }: Layer): boolean => ['flatten', 'dropout', 'avgPool2d', 'globalAvgPool2d'].includes(type)
/** A convolution in groups and the one that mixes its channels are one on purpose. */
const isSeparable = (layer: Layer): boolean => layer.type === 'conv2d' && (layer.groups ?? 1) > 1

/** Two layers of weights with nothing between that bends a line compute no more than one. */
export const doubleLinear: LintRule = ({ model }) =>
  lists(model.layers).flatMap(({ layers, prefix }) =>
    layers.flatMap((layer, i) => {
      if (!hasWeights(layer)) return []
      const before = layers.slice(0, i).findLastIndex((own) => !isStraight(own) && !isNorm(own))
      const first = layers[before]
      if (!hasWeights(first) || isSeparable(first) || isSeparable(layer)) return []
      const activation = commonest(hiddenActivations(model.layers)) ?? 'relu'
      const to = isNorm(layers[before + 1]) ? before + 1 : before
      const change = replaced(model, `${prefix}.${to}`, (own) => [own, { type: activation } as Layer])
      const remedies = [{ sentence: message('cure.between', { activation }), change }]
      const about = { measured: 2, threshold: 1, source: sources.umlaut, remedies }
      return [
        at({ layer, path: `${prefix}.${i}` }, 'lint.doubleLinear', about, {
          first: { path: `${prefix}.${before}`, name: `${prefix}.${before}` },
        }),
      ]
    }),
  )

function commonest(names: readonly ActivationName[]): ActivationName | undefined {
  const count = (name: ActivationName) => names.filter((own) => own === name).length
  return names.toSorted((a, b) => count(b) - count(a))[0]
}

/** The slope of a sigmoid is a quarter at most; tanh has 1, but PyTorch's first weights pass a root of a third. */
function passes(name: ActivationName, isDefault: boolean): number {
  if (name === 'sigmoid') return 1 / 4
  return name === 'tanh' && isDefault ? Math.sqrt(1 / 3) : 1
}

/** So many activations with flat ends in a row, with neither a norm nor a bypass, that hardly a thousandth of the gradient can pass. */
export const deepSaturating: LintRule = ({ model }) => {
  const { layers } = model
  let [share, start, depth] = [1, -1, 0]
  let isDefault = true
  for (const [i, layer] of layers.entries()) {
    if (isNorm(layer) || isContainer(layer)) [share, start, depth] = [1, -1, 0]
    if (hasWeights(layer)) {
      isDefault = layer.initializer === undefined
      if (start < 0) start = i
    }
    if (!isActivationLayer(layer) || start < 0 || !layers.slice(i + 1).some(holdsWeights)) continue
    share *= passes(layer.type, isDefault)
    depth++
    if (share >= thresholds.vanishingShare) continue
    const evidence = { model } as Evidence
    const remedies = [reluWithHe(evidence), norms(evidence)]
    const about = { measured: share, threshold: thresholds.vanishingShare, source: sources.glorot, remedies }
    return [at({ layer: layers[start]!, path: `layers.${start}` }, 'lint.deepSaturating', about, { depth, activation: layer.type })]
  }
  return []
}
