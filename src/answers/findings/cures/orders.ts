/**
 * Which remedies a finding offers, the likeliest first: the orders of AutoTrainer's repairs (utils/repair.py), but that what was measured to be the cause
 * comes before what merely helps: initial weights that are far off, inputs out of scale, a rate whose very first updates are too large.
 */
import { weighted, type Evidence } from '../evidence.ts'
import type { Remedy } from '../finding.ts'
import { initialGains, isOff } from './initial-gain.ts'
import { hiddenActivations, isLikeRelu, normalisesInput, saturates } from './layer-lists.ts'
import {
  accumulated,
  adam,
  bypasses,
  clip,
  dropout,
  higherRate,
  initialWeights,
  isAdaptive,
  largerBatch,
  leaky,
  lowerRate,
  normalisedInput,
  norms,
  plateau,
  rateFactor,
  reluWithHe,
  selfNormalising,
  smaller,
  tanhWithGlorot,
  weightDecay,
  wider,
} from './remedies.ts'

type Order = (evidence: Evidence) => Remedy[]
type Make = (evidence: Evidence) => Remedy

const inOrder = (evidence: Evidence, makes: readonly Make[]): Remedy[] => [...new Set(makes)].map((make) => make(evidence))

/** So many times larger than at the first hidden layer, or than at the last, is what grows on its way: AutoTrainer's ratio. */
const grows = 70

/** Whether signal or gradient grow from layer to layer from the first step on, at any rate. */
function growsFromFirst({ start }: Evidence): boolean {
  const hidden = start ? weighted(start).slice(0, -1) : []
  const [first, last] = [hidden[0], hidden.at(-1)]
  if (!first || !last || hidden.length < 3) return false
  return (
    last.output.deviation > grows * first.output.deviation ||
    (first.output.gradientNorm ?? 0) > grows * (last.output.gradientNorm ?? Infinity)
  )
}

/** What the measurements name as the cause. */
function causes(evidence: Evidence): Make[] {
  const { model } = evidence
  const isOffAtFirst = initialGains(model).some(isOff)
  const isTooFast = (rateFactor(evidence) ?? 1) < 0.3
  const isUnscaled =
    !normalisesInput(model) && evidence.data.features.some(({ mean, deviation }) => deviation > 0 && Math.hypot(mean, deviation) > 10)
  return [
    ...(isUnscaled ? [normalisedInput] : []),
    ...(isOffAtFirst ? [initialWeights] : []),
    ...(growsFromFirst(evidence) ? [norms] : []),
    ...(isTooFast && !isOffAtFirst && !growsFromFirst(evidence) ? [lowerRate] : []),
  ]
}

export const forVanishing: Order = (evidence) => {
  const activations = hiddenActivations(evidence.model.layers)
  // A ReLU with PyTorch's first weights passes a sixth of the signal's power at each layer: He's pass all of it.
  const fades = activations.length > 0 && activations.every(isLikeRelu)
  return inOrder(evidence, [...causes(evidence), ...(fades ? [initialWeights] : []), selfNormalising, reluWithHe, norms, bypasses])
}

export const forExploding: Order = (evidence) =>
  inOrder(evidence, [...causes(evidence), norms, selfNormalising, reluWithHe, clip, tanhWithGlorot, lowerRate])

export const forDead: Order = (evidence) => inOrder(evidence, [...causes(evidence), selfNormalising, norms, initialWeights, leaky])

export const forSaturated: Order = (evidence) => inOrder(evidence, [...causes(evidence), norms, reluWithHe, selfNormalising, lowerRate])

export const forLargeUpdates: Order = (evidence) =>
  inOrder(evidence, [...causes(evidence), ...ofNoise(evidence), adam, lowerRate, clip, largerBatch])

export const forSmallUpdates: Order = (evidence) =>
  inOrder(evidence, isAdaptive(evidence.model) ? [higherRate, ...causes(evidence)] : [...causes(evidence), adam, higherRate])

export const forDiverged: Order = (evidence) => inOrder(evidence, [...causes(evidence), adam, lowerRate, clip, norms])

/** Of so few samples a batch's noise alone makes the loss swing. */
const fewSamples = 8
const ofNoise = ({ model: { batchSize, accumulate = 1 } }: Evidence): Make[] => (batchSize * accumulate <= fewSamples ? [largerBatch] : [])

export const forOscillating: Order = (evidence) =>
  inOrder(evidence, [...ofNoise(evidence), ...causes(evidence), adam, lowerRate, plateau, largerBatch])

/** AutoTrainer's for a network that does not converge: optimizer, a higher rate, initial weights; first what saturated units ask for. */
export const forStalled: Order = (evidence) => {
  const isSlow = (rateFactor(evidence) ?? 1) >= 10
  const activations = hiddenActivations(evidence.model.layers)
  const isDeep = activations.filter(saturates).length >= 3
  return inOrder(evidence, [
    ...causes(evidence),
    ...(isSlow ? [higherRate] : []),
    ...(isDeep ? [reluWithHe, norms] : []),
    adam,
    higherRate,
    norms,
    initialWeights,
    lowerRate,
  ])
}

export const forBaseline: Order = (evidence) =>
  inOrder(evidence, [...causes(evidence), ...(isAdaptive(evidence.model) ? [higherRate] : [adam, higherRate]), reluWithHe, norms, wider])

export const forNoisyBatch: Order = (evidence) => inOrder(evidence, [largerBatch, accumulated, lowerRate])

export const forUnscaledInput: Order = (evidence) => inOrder(evidence, [normalisedInput, norms, adam, lowerRate])

export const forImbalance: Order = (evidence) =>
  inOrder(evidence, [...(isAdaptive(evidence.model) ? [higherRate] : [adam, higherRate]), largerBatch, norms, wider])

export const forOverfitting: Order = (evidence) => inOrder(evidence, [dropout, weightDecay, smaller])
