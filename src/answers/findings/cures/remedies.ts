/** Single remedies: what each makes of a model. */
import { completeSchedule } from '../../../model/catalogue/schedules.ts'
import { parametersOf } from '../../../model/shapes.ts'
import type { ActivationLayer, Layer, ModelFile, Optimizer } from '../../../model/types.ts'
import { message } from '../../../words/say.ts'
import { weighted, type Evidence } from '../evidence.ts'
import type { Remedy } from '../finding.ts'
import { initialised, isNorm, normalised, resized, saturates, withActivation, withBypasses, withDropout } from './layer-lists.ts'

type OfModel = (evidence: Evidence) => Remedy

/** A batch too small to tell a mean and a spread by: then each sample is normalised over its features. */
const fewSamples = 8

const normFor = ({ batchSize }: ModelFile): Layer => ({ type: batchSize < fewSamples ? 'layerNorm' : 'batchNorm' })
const normName = (model: ModelFile) => message(model.batchSize < fewSamples ? 'cure.layerNorm' : 'cure.batchNorm')

/** ELU with LeCun's initial weights: of what this engine has the nearest to SELU, which normalises itself. */
export const selfNormalising: OfModel = ({ model: { layers } }) => ({
  sentence: message('cure.elu'),
  change: { layers: initialised(withActivation(layers, { type: 'elu' }, (name) => name !== 'elu')) },
})

export const reluWithHe: OfModel = ({ model: { layers } }) => ({
  sentence: message('cure.reluHe'),
  change: { layers: initialised(withActivation(layers, { type: 'relu' }, (name) => saturates(name) || name === 'softplus')) },
})

export const tanhWithGlorot: OfModel = ({ model: { layers } }) => ({
  sentence: message('cure.tanh'),
  change: { layers: initialised(withActivation(layers, { type: 'tanh' }, (name) => name !== 'tanh')) },
})

export const leaky: OfModel = ({ model: { layers } }) => {
  const to: ActivationLayer = { type: 'leakyRelu' }
  return { sentence: message('cure.leaky'), change: { layers: withActivation(layers, to, (name) => name === 'relu') } }
}

export const initialWeights: OfModel = ({ model: { layers } }) => ({
  sentence: message('cure.initialize'),
  change: { layers: initialised(layers) },
})

export const norms: OfModel = ({ model }) => ({ sentence: normName(model), change: { layers: normalised(model.layers, normFor(model)) } })

export const bypasses: OfModel = ({ model: { input, layers } }) => {
  const changed = withBypasses(input, layers)
  return { sentence: message('cure.residual'), change: changed && { layers: changed } }
}

/** What a norm adds to each variance unless told otherwise. */
const usualEps = 1e-5

export const normalisedInput: OfModel = ({ model: { input, layers, batchSize }, data: { features } }) => {
  const [first] = layers
  // Of features as small as this the usual ε would leave nothing.
  const least = Math.min(...features.filter(({ deviation }) => deviation > 0).map(({ deviation }) => deviation ** 2), 1)
  const eps = least < 100 * usualEps ? { eps: Number((usualEps * least).toPrecision(1)) } : {}
  // A norm over the batch brings every feature to one scale; one over a sample's features would not.
  const change =
    isNorm(first) || (input.length === 1 && batchSize === 1) ? null : { layers: [{ type: 'batchNorm', ...eps } as Layer, ...layers] }
  return { sentence: message('cure.normaliseInput'), change }
}

export const clip: OfModel = ({ model: { clipNorm = Infinity } }) => {
  const norm = Math.min(1, clipNorm / 10)
  return { sentence: message('cure.clip', { norm }), change: { clipNorm: norm } }
}

const adaptive = ['adam', 'adamw', 'rmsprop', 'adagrad']
export const isAdaptive = ({ optimizer }: ModelFile): boolean => adaptive.includes(optimizer.type)

/** Of so many parameters a network is small, and takes ten times the rate that is customary. */
const smallNetwork = 10_000

export const adamRate = (model: ModelFile): number => {
  const parameters = parametersOf(model).reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0)
  return parameters < smallNetwork ? 0.01 : 0.001
}

export const adam: OfModel = ({ model }) => {
  const learningRate = adamRate(model)
  const { weightDecay } = model.optimizer
  const optimizer: Optimizer = { type: 'adam', learningRate, ...(weightDecay !== undefined && { weightDecay }) }
  return { sentence: message('cure.adam', { rate: learningRate }), change: isAdaptive(model) ? null : { optimizer } }
}

/** The update, as a share of the weights, that a rate is to make at first: between what is healthy, 1e-2 at most, and what is too much, 1e-1. */
const healthyUpdate = 3e-2

const largestUpdate = (health: Evidence['health']): number =>
  health ? Math.max(0, ...weighted(health).map(({ weight }) => weight.updateRatio ?? 0)) : 0

/** A steady gradient moves the weights by so many times its first update. */
const gathered = ({ optimizer }: ModelFile): number => (optimizer.type === 'sgd' ? 1 / (1 - (optimizer.momentum ?? 0)) : 1)

const leastFactor = 1e-4

/** What times the rate makes the run's first updates healthy, in whole powers of ten; null where they were not measured. */
export function rateFactor({ start, health, model }: Evidence): number | null {
  // Adam and its kin move each weight by about the rate, whatever the gradient: there is a customary one.
  if (isAdaptive(model)) return customaryRate(model) / model.optimizer.learningRate
  const [first, now] = [largestUpdate(start), largestUpdate(health)]
  const found = (Number.isFinite(first) && first > 0 ? first : now) * gathered(model)
  return found > 0 && Number.isFinite(found) ? Math.max(leastFactor, 10 ** Math.round(Math.log10(healthyUpdate / found))) : null
}

/** Adagrad's rate shrinks from its first step on. */
const customaryRate = (model: ModelFile): number => adamRate(model) * (model.optimizer.type === 'adagrad' ? 5 : 1)

const times = (model: ModelFile, factor: number): Remedy => {
  const learningRate = Number((model.optimizer.learningRate * factor).toPrecision(6))
  return {
    sentence: message(factor < 1 ? 'cure.lowerRate' : 'cure.higherRate', { rate: learningRate }),
    change: { optimizer: { ...model.optimizer, learningRate } },
  }
}

/** A tenth, or what makes the first updates healthy where they were larger still. */
export const lowerRate: OfModel = (evidence) => {
  const factor = rateFactor(evidence) ?? 0.1
  return times(evidence.model, factor < 0.3 ? factor : 0.1)
}
export const higherRate: OfModel = (evidence) => {
  const factor = rateFactor(evidence) ?? 10
  return times(evidence.model, factor > 3 ? factor : 10)
}

export const plateau: OfModel = ({ model: { schedule } }) => ({
  sentence: message('cure.plateau'),
  change: schedule
    ? null
    : {
        schedule: { ...completeSchedule({ type: 'plateau', factor: 0.5, patience: 3 }), type: 'plateau' } as ModelFile['schedule'] & object,
      },
})

/** At least AutoTrainer's first, 32, and four times what it was. */
export const largerBatch: OfModel = ({ model: { batchSize }, data: { count } }) => {
  const size = Math.min(count, Math.max(32, 4 * batchSize))
  return { sentence: message('cure.batchSize', { size }), change: { batchSize: size } }
}

export const accumulated: OfModel = ({ model: { accumulate = 1, batchSize } }) => {
  const batches = Math.max(2, accumulate * Math.max(4, Math.ceil(32 / batchSize)))
  return { sentence: message('cure.accumulate', { batches }), change: batches > 1024 ? null : { accumulate: batches } }
}

/** Decoupled from the gradient, as AdamW has it; ten times more where there is some. */
export const weightDecay: OfModel = ({ model: { optimizer } }) => {
  const decay = Math.max(0.01, 10 * (optimizer.weightDecay ?? 0))
  const type = optimizer.type === 'adam' ? 'adamw' : optimizer.type
  return {
    sentence: message('cure.weightDecay', { decay }),
    change: { optimizer: { ...optimizer, type, weightDecay: decay } as Optimizer },
  }
}

export const dropout: OfModel = ({ model: { layers } }) => ({
  sentence: message('cure.dropout', { rate: 0.5 }),
  change: { layers: withDropout(layers, 0.5) },
})

export const smaller: OfModel = ({ model: { layers } }) => {
  const changed = resized(layers, 0.25)
  return { sentence: message('cure.smaller'), change: changed && { layers: changed } }
}
export const wider: OfModel = ({ model: { layers } }) => {
  const changed = resized(layers, 4)
  return { sentence: message('cure.wider'), change: changed && { layers: changed } }
}
