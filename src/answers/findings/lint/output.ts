/** What stands behind the output layer and keeps it from what the loss asks for. */
import { isActivationLayer, outputIndex } from '../cures/layer-lists.ts'
import { message } from '../../../words/say.ts'
import type { ActivationName, Layer } from '../../../model/types.ts'
import { sources } from '../sources.ts'
import { at, replaced, type Linted, type LintRule } from './lint.ts'

const behindOutput = ({ model: { layers } }: Linted): { layer: Layer; path: string }[] => {
  const output = outputIndex(layers)
  return layers.slice(output + 1).map((layer, i) => ({ layer, path: `layers.${output + 1 + i}` }))
}

const removal = ({ model }: Linted, path: string, type: string) => [
  { sentence: message('cure.remove', { type }), change: replaced(model, path, () => []) },
]

/** What an activation can put out. */
const range = (name: ActivationName): [number, number] => {
  if (name === 'sigmoid') return [0, 1]
  if (name === 'tanh') return [-1, 1]
  return name === 'relu' || name === 'softplus' ? [0, Infinity] : [-Infinity, Infinity]
}

/** The loss takes logits, and an activation before it leaves them only a part of their range. */
export const activationBeforeLoss: LintRule = (linted) => {
  const { loss } = linted.model
  if (loss !== 'crossEntropy' && loss !== 'binaryCrossEntropy') return []
  const behind = behindOutput(linted).filter(({ layer }) => isActivationLayer(layer))
  // The sigmoid that the network ends in is a part of this loss.
  const extra = loss === 'binaryCrossEntropy' ? behind.slice(0, -1) : behind
  const about = (path: string, type: string) => ({
    measured: 1,
    threshold: 0,
    source: sources.umlaut,
    remedies: removal(linted, path, type),
  })
  return extra.map(({ layer, path }) => at({ layer, path }, 'lint.outputActivation', about(path, layer.type), { activation: layer.type }))
}

/** Targets that the output's activation can never reach. */
export const unreachableTargets: LintRule = (linted) => {
  const { model, data } = linted
  if (model.loss === 'crossEntropy' || model.loss === 'binaryCrossEntropy' || !data?.targets) return []
  const { minimum, maximum } = data.targets
  const slack = 1e-3 * (maximum - minimum)
  return behindOutput(linted).flatMap(({ layer, path }) => {
    if (!isActivationLayer(layer)) return []
    const [least, most] = range(layer.type)
    const isBelow = minimum < least - slack
    if (!isBelow && !(maximum > most + slack)) return []
    const [measured, threshold] = isBelow ? [minimum, least] : [maximum, most]
    const about = { measured, threshold, source: sources.deepDiagnosis, remedies: removal(linted, path, layer.type) }
    return [at({ layer, path }, 'lint.unreachable', about, { activation: layer.type })]
  })
}

/** Dropping outputs takes away what the loss measures. */
export const dropoutOnOutput: LintRule = (linted) =>
  behindOutput(linted)
    .filter(({ layer }) => layer.type === 'dropout')
    .map((own) =>
      at(own, 'lint.dropoutOutput', { measured: 1, threshold: 0, source: sources.own, remedies: removal(linted, own.path, 'dropout') }),
    )
