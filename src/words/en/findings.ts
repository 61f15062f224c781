/** What is found wrong in a run or a model, and what may cure it. */
import { figure, percentage } from '../figures.ts'
import { counted } from './parts.ts'

interface Measured {
  measured: number
  threshold: number
  source: string
}
type AtLayer = Measured & { where: string }

export const findings = {
  'finding.vanishing': ({ where, measured, threshold, source }: AtLayer) =>
    `The gradient vanishes on its way back: at ${where} only ${figure(measured)} of the last layer's arrives, less than ${figure(threshold)} (${source}).`,
  'finding.exploding': ({ where, measured, threshold, source }: AtLayer) =>
    `The gradient explodes on its way back: at ${where} it is ${figure(measured)} times the last layer's, more than ${figure(threshold)} (${source}).`,
  'finding.exploding.outputs': ({ where, measured, forward, threshold, source }: AtLayer & { forward: number }) =>
    `Signal and gradient explode: from the first hidden layer to the last, outputs grow ${figure(forward)}-fold, and the gradient ${figure(measured)}-fold on its way back to ${where}, more than ${figure(threshold)} (${source}).`,
  'finding.exploding.loss': ({ where, measured, threshold, source }: AtLayer) =>
    `The loss is ${figure(measured)} times that of a constant guess, more than ${figure(threshold)}; gradients are largest at ${where} (${source}).`,
  'finding.exploding.notFinite': ({ where, measured, source }: { where: string; measured: number; source: string }) =>
    `The gradient at ${where} is no longer finite: ${counted(measured, 'number')} NaN or infinite (${source}).`,
  'finding.dead': ({
    where,
    count,
    of,
    samples,
    threshold,
    source,
  }: {
    where: string
    count: number
    of: number
    samples: number
    threshold: number
    source: string
  }) =>
    `${count} of ${counted(of, 'neuron')} of ${where} are dead: over ${samples} samples none let a gradient through; more than ${percentage(threshold)} of the layer (${source}).`,
  'finding.saturated': ({
    where,
    activation,
    measured,
    neurons,
    of,
    threshold,
    source,
  }: AtLayer & { activation: string; neurons: number; of: number }) =>
    `${percentage(measured)} of the outputs of ${where} lie on a flat end of ${activation}, where hardly any gradient passes, more than ${percentage(threshold)}${neurons > 0 ? `; ${neurons} of ${counted(of, 'neuron')} stay there` : ''} (${source}).`,
  'finding.updateTooLarge': ({ where, measured, threshold, source }: AtLayer) =>
    `A step changes the weights of ${where} by ${percentage(measured)} of their size, more than ${percentage(threshold)} (${source}).`,
  'finding.updateTooSmall': ({ where, measured, threshold, source }: AtLayer) =>
    `No layer moves: even at ${where}, where it is most, a step changes the weights by ${percentage(measured)} of their size, less than ${percentage(threshold)} (${source}).`,
  'finding.diverged': ({ last, best, measured, threshold, source }: Measured & { last: number; best: number }) =>
    `Training diverges: the loss is ${figure(last)}, ${figure(measured)} times its lowest, ${figure(best)}; more than ${figure(threshold)} times (${source}).`,
  'finding.oscillating': ({ measured, mean, threshold, source }: Measured & { mean: number }) =>
    `The loss swings by ${percentage(measured)} about ${figure(mean)} and does not fall: more than ${percentage(threshold)}, and more than the noise of batches explains (${source}).`,
  'finding.stalled': ({ measured, steps, loss, threshold, source }: Measured & { steps: number; loss: number }) =>
    measured > 0
      ? `The loss stands at ${figure(loss)}: over the last ${steps} steps it fell by ${percentage(measured)}, less than ${percentage(threshold)} (${source}).`
      : `The loss stands at ${figure(loss)}: over the last ${steps} steps it did not fall (${source}).`,
  'finding.baseline.classes': ({ loss, baseline, source }: { loss: number; baseline: number; source: string }) =>
    `The network does no better than always naming the classes by their shares: loss ${figure(loss)}, theirs ${figure(baseline)} (${source}). Shuffled labels look like this.`,
  'finding.baseline.numbers': ({ loss, baseline, source }: { loss: number; baseline: number; source: string }) =>
    `The network does no better than always naming the mean: loss ${figure(loss)}, its ${figure(baseline)} (${source}). Targets that have nothing to do with the inputs look like this.`,
  'finding.noisyBatch': ({ batchSize, measured, threshold, source }: Measured & { batchSize: number }) =>
    `Batches of ${batchSize} are too small for their noise: from one to the next the loss varies by ${percentage(measured)} of its mean, more than ${percentage(threshold)}, and does not fall (${source}).`,
  'finding.unscaledInput.size': ({ index, name, measured, threshold, source }: Measured & { index: number; name: string }) =>
    `Inputs are out of scale: feature ${name || index} is ${figure(measured)} large (root mean square), more than ${figure(threshold)} (${source}).`,
  'finding.unscaledInput.small': ({ index, name, measured, threshold, source }: Measured & { index: number; name: string }) =>
    `Inputs are out of scale: the largest feature, ${name || index}, is only ${figure(measured)} large (root mean square), less than ${figure(threshold)} (${source}).`,
  'finding.unscaledInput.offset': ({ index, name, measured, threshold, source }: Measured & { index: number; name: string }) =>
    `Inputs are out of scale: the mean of feature ${name || index} is ${figure(measured)} times its spread, more than ${figure(threshold)} (${source}).`,
  'finding.unscaledInput.spread': ({ index, name, measured, threshold, source }: Measured & { index: number; name: string }) =>
    `Inputs are out of scale: feature ${name || index} is ${figure(measured)} times as large as the smallest, more than ${figure(threshold)} (${source}).`,
  'finding.imbalance': ({
    common,
    rare,
    commonCount,
    rareCount,
    error,
    threshold,
    errorThreshold,
    source,
  }: {
    common: string
    rare: string
    commonCount: number
    rareCount: number
    error: number
    threshold: number
    errorThreshold: number
    source: string
  }) =>
    `Classes are out of balance: ${counted(commonCount, 'sample')} of ${common} for ${rareCount} of ${rare}, more than ${figure(threshold)} to 1, and ${percentage(error)} of ${rare} are named wrong, more than ${percentage(errorThreshold)} (${source}).`,
  'finding.overfitting': ({
    test,
    best,
    step,
    train,
    measured,
    threshold,
    source,
  }: Measured & { test: number; best: number; step: number; train: number }) =>
    `The network learns the training samples by heart: the test loss has risen from ${figure(best)} at step ${step} to ${figure(test)}, while training is at ${figure(train)}; a rise of ${percentage(measured)} of a constant guess's loss, more than ${percentage(threshold)} (${source}).`,
  'finding.notFinite': ({ where, nan, infinite, source }: { where: string; nan: number; infinite: number; source: string }) =>
    `Numbers of ${where} are not finite: ${nan} NaN, ${infinite} infinite (${source}).`,
  'finding.notFinite.loss': ({ step, source }: { step: number; source: string }) => `The loss of step ${step} is not finite (${source}).`,

  'lint.outputActivation': ({ where, activation }: AtLayer & { activation: string }) =>
    `The output passes ${activation} (${where}) before the loss, which takes it as it is: with it some answers can never be given.`,
  'lint.unreachable': ({ where, activation, measured, threshold }: AtLayer & { activation: string }) =>
    `The output passes ${activation} (${where}), which ends at ${figure(threshold)}: targets go as far as ${figure(measured)}.`,
  'lint.dropoutOutput': ({ where }: AtLayer) => `${where} drops outputs of the network at random just before the loss measures them.`,
  'lint.doubleLinear': ({ where, first }: AtLayer & { first: string }) =>
    `Nothing between ${first} and ${where} bends a line: the two compute no more than one layer could.`,
  'lint.deepSaturating': ({ where, depth, activation, measured, threshold }: AtLayer & { depth: number; activation: string }) =>
    `From ${where} on, ${depth} layers of ${activation} and the like follow each other with neither a norm nor a bypass: about ${figure(measured)} of a gradient can pass them, less than ${figure(threshold)}.`,
  'lint.singleValueNorm': ({ where }: AtLayer) => `${where} normalises a single value, which is 0 then whatever it was.`,
  'lint.biasBeforeNorm': ({ where }: AtLayer) => `The bias of ${where} has no effect: the batch norm after it takes the mean away.`,
  'lint.largeDropout': ({ where, measured, threshold }: AtLayer) =>
    `${where} drops ${percentage(measured)} of the values, more than ${percentage(threshold)}: most of what was learnt is missing at each step.`,
  'lint.equalWeights': ({ where }: AtLayer) => `All weights of ${where} begin the same, and so all its neurons learn the same.`,
  'lint.largeWeights': ({ where, measured, threshold }: AtLayer) =>
    `The first weights of ${where} make of inputs of size 1 some of ${figure(measured)}, more than ${figure(threshold)}: its activation begins saturated.`,
  'lint.fadingSignal': ({ where, measured, threshold }: AtLayer) =>
    `First weights are too small: after ${where}, ${figure(measured)} of the input's size is left, less than ${figure(threshold)}.`,
  'lint.growingSignal': ({ where, measured, threshold }: AtLayer) =>
    `First weights are too large: after ${where} the signal is ${figure(measured)} times the input's size, more than ${figure(threshold)}.`,
  'lint.rateTooHigh': ({ optimizer, measured, threshold }: Measured & { optimizer: string }) =>
    `A learning rate of ${figure(measured)} is far above what ${optimizer} trains with, at most about ${figure(threshold)}.`,
  'lint.rateTooLow': ({ optimizer, measured, threshold }: Measured & { optimizer: string }) =>
    `A learning rate of ${figure(measured)} moves nothing with ${optimizer}: less than ${figure(threshold)}.`,

  'cure.elu': 'ELU with LeCun initialization, as near to SELU as there is',
  'cure.reluHe': 'ReLU with He initialization in the hidden layers',
  'cure.tanh': 'tanh with Glorot initialization in the hidden layers',
  'cure.leaky': 'Leaky ReLU in place of ReLU',
  'cure.initialize': 'Initial weights that suit each activation (He, LeCun, Glorot)',
  'cure.batchNorm': 'Batch norm after each hidden layer',
  'cure.layerNorm': 'Layer norm after each hidden layer',
  'cure.residual': 'Pairs of hidden layers as residual blocks',
  'cure.normaliseInput': 'Batch norm before the first layer, which scales the inputs',
  'cure.clip': ({ norm }: { norm: number }) => `Gradients clipped to norm ${norm}`,
  'cure.adam': ({ rate }: { rate: number }) => `Adam at learning rate ${rate}`,
  'cure.rate': ({ rate }: { rate: number }) => `Learning rate ${rate}`,
  'cure.lowerRate': ({ rate }: { rate: number }) => `Lower learning rate: ${rate}`,
  'cure.higherRate': ({ rate }: { rate: number }) => `Higher learning rate: ${rate}`,
  'cure.plateau': 'Learning rate halved on a plateau',
  'cure.batchSize': ({ size }: { size: number }) => `Batch size ${size}`,
  'cure.accumulate': ({ batches }: { batches: number }) => `Gradients of ${batches} batches per step`,
  'cure.weightDecay': ({ decay }: { decay: number }) => `Weight decay ${decay}`,
  'cure.dropout': ({ rate }: { rate: number }) => `Dropout ${rate} after hidden dense layers`,
  'cure.lessDropout': ({ rate }: { rate: number }) => `Dropout ${rate}`,
  'cure.noDropout': 'Without dropout',
  'cure.smaller': 'A quarter of the neurons in the hidden layers',
  'cure.wider': 'Four times the neurons in the hidden layers',
  'cure.remove': ({ type }: { type: string }) => `Without this ${type}`,
  'cure.between': ({ activation }: { activation: string }) => `${activation} between the two`,
  'cure.noBias': 'Without this bias',
}
