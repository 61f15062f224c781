/** What is wrong with single layers. */
import { sizeOf } from '../../../model/shape.ts'
import { parametersOf } from '../../../model/shapes.ts'
import type { Layer } from '../../../model/types.ts'
import { message } from '../../../words/say.ts'
import { initialised, isActivationLayer, mapLayers, saturates } from '../cures/layer-lists.ts'
import { initialGains } from '../cures/initial-gain.ts'
import { isAdaptive, adamRate } from '../cures/remedies.ts'
import { sources } from '../sources.ts'
import { at, replaced, type LintRule } from './lint.ts'

/** Less its mean a single value is 0, whatever it was. */
export const singleValueNorm: LintRule = ({ model, placed }) =>
  placed
    .filter(({ layer, input }) => layer.type === 'layerNorm' && sizeOf(input) === 1)
    .map((own) => {
      const remedies = [{ sentence: message('cure.remove', { type: 'layerNorm' }), change: replaced(model, own.path, () => []) }]
      return at(own, 'lint.singleValueNorm', { measured: 1, threshold: 1, source: sources.own, remedies })
    })

/** What the norm takes away again. */
export const biasBeforeNorm: LintRule = ({ model, placed }) => {
  const typeAt = new Map(placed.map(({ path, layer }) => [path, layer.type]))
  return placed.flatMap((own) => {
    const { layer, path } = own
    if ((layer.type !== 'dense' && layer.type !== 'conv2d') || layer.bias === false) return []
    const index = path.lastIndexOf('.') + 1
    if (typeAt.get(`${path.slice(0, index)}${Number(path.slice(index)) + 1}`) !== 'batchNorm') return []
    const remedies = [{ sentence: message('cure.noBias'), change: replaced(model, path, () => [{ ...layer, bias: false }]) }]
    return [at(own, 'lint.biasBeforeNorm', { measured: 1, threshold: 0, source: sources.ioffe, severity: 'note', remedies })]
  })
}

const mostDropout = 0.5
const gentleDropout = 0.2

export const largeDropout: LintRule = ({ model, placed }) => {
  const gentle = {
    layers: mapLayers(model.layers, (layer) => [
      layer.type === 'dropout' && layer.rate > mostDropout ? { ...layer, rate: gentleDropout } : layer,
    ]),
  }
  return placed.flatMap((own) => {
    const { layer } = own
    if (layer.type !== 'dropout' || layer.rate <= mostDropout) return []
    const remedies = [
      { sentence: message('cure.lessDropout', { rate: gentleDropout }), change: gentle },
      { sentence: message('cure.noDropout'), change: { layers: withoutDropout(model.layers) } },
    ]
    return [at(own, 'lint.largeDropout', { measured: layer.rate, threshold: mostDropout, source: sources.umlaut, remedies })]
  })
}

const withoutDropout = (layers: readonly Layer[]): Layer[] => mapLayers(layers, (layer) => (layer.type === 'dropout' ? [] : [layer]))

/** Beyond these nothing of a signal is left, or nothing but it. */
const [leastSignal, mostSignal] = [1e-3, 1e3]
/** A hidden layer's inputs of this size saturate any tanh or sigmoid. */
const mostBeforeFlatEnd = 10

/** First weights, given as such, that let a signal fade or grow out of all bounds on its way through the hidden layers, or all neurons be the same. */
export const initialSignal: LintRule = ({ model, placed }) => {
  const remedies = [{ sentence: message('cure.initialize'), change: { layers: initialised(model.layers) } }]
  const isNormed = placed.some(({ layer }) => layer.type === 'batchNorm' || layer.type === 'layerNorm')
  const inputs = new Map(parametersOf(model).map(({ path, shape }) => [path, sizeOf(shape.slice(1))]))
  let signal = 1
  for (const own of initialGains(model)) {
    const { path, layer, gain, lean, isHidden } = own
    const index = placed.findIndex((other) => other.path === path)
    const here = { layer, path }
    if (lean === 1 || gain === 0) return [at(here, 'lint.equalWeights', { measured: 0, threshold: 0, source: sources.glorot, remedies })]
    // A bypass carries the signal past what is within a container.
    if (!isHidden || isNormed || path.split('.').length > 2) continue
    // Weights of one sign add up where their inputs are of one sign too.
    const factor = lean > 0.5 && signal !== 1 ? gain * Math.sqrt(inputs.get(`${path}.weight`)!) * lean : gain
    const next = placed.slice(index + 1).find(({ layer: after }) => isActivationLayer(after))?.layer
    const bends = next !== undefined && isActivationLayer(next) && saturates(next.type)
    if (bends && factor > mostBeforeFlatEnd)
      return [at(here, 'lint.largeWeights', { measured: factor, threshold: mostBeforeFlatEnd, source: sources.glorot, remedies })]
    signal *= bends ? Math.min(1, factor) : factor
    if (signal < leastSignal)
      return [at(here, 'lint.fadingSignal', { measured: signal, threshold: leastSignal, source: sources.he, remedies })]
    if (signal > mostSignal)
      return [at(here, 'lint.growingSignal', { measured: signal, threshold: mostSignal, source: sources.he, remedies })]
  }
  return []
}

const leastRate = 1e-7
/** Adam and its kin move each weight by about the rate: beyond this by more than first weights are large. */
const mostAdaptiveRate = 0.3
const mostRate = 10

/** A learning rate that no network of this optimizer's trains with. */
export const absurdRate: LintRule = ({ model }) => {
  const { type, learningRate } = model.optimizer
  const momentum = model.optimizer.type === 'sgd' ? (model.optimizer.momentum ?? 0) : 0
  // A steady gradient moves the weights by so much with momentum.
  const effective = learningRate / (1 - momentum)
  const most = isAdaptive(model) && type !== 'adagrad' ? mostAdaptiveRate : mostRate
  if (effective <= most && learningRate >= leastRate) return []
  const rate = isAdaptive(model) ? adamRate(model) : 0.1 * (1 - momentum)
  const isLarge = effective > most
  const values = { measured: isLarge ? effective : learningRate, threshold: isLarge ? most : leastRate, source: sources.umlaut }
  return [
    {
      severity: 'warning',
      layer: null,
      ...values,
      sentence: message(isLarge ? 'lint.rateTooHigh' : 'lint.rateTooLow', { optimizer: type, ...values }),
      remedies: [{ sentence: message('cure.rate', { rate }), change: { optimizer: { ...model.optimizer, learningRate: rate } } }],
    },
  ]
}
