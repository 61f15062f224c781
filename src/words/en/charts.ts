/** The charts of the right rail, and what they tell of gradients. */
const whole = new Intl.NumberFormat('en-US')
const integer = (value: number): string => whole.format(value)

interface Odd {
  nan: number
  infinite: number
  of: number
}
/** `3 of 20 outputs are NaN`. */
const odd = ({ nan, infinite, of }: Odd, what: string): string => {
  const kind = infinite === 0 ? 'NaN' : nan === 0 ? 'infinite' : 'NaN or infinite'
  return `${integer(nan + infinite)} of ${integer(of)} ${what} ${nan + infinite === 1 ? 'is' : 'are'} ${kind}`
}

export const charts = {
  'charts.sentences': ({ sentences }: { sentences: readonly string[] }) => sentences.join(' '),
  'charts.step': ({ step }: { step: string }) => `step ${step}`,
  'charts.steps': ({ first, last }: { first: string; last: string }) => `steps ${first}–${last}`,
  'charts.train': 'train',
  'charts.test': 'test',
  'charts.noGradient': 'no gradient yet',
  'charts.noAnswer': ({ found }: { found: string }) => `no answer: ${found}`,

  'charts.curves.title': 'Loss',
  'charts.curves.titleWithAccuracy': 'Loss and accuracy',
  'charts.curves.name': 'Loss and accuracy over the steps',
  'charts.curves.scale': 'Scale of the loss',
  'charts.curves.log': 'log',
  'charts.curves.linear': 'linear',
  'charts.curves.lossChart': 'Loss over the steps',
  'charts.curves.accuracyChart': 'Accuracy over the steps',
  'charts.curves.loss': 'loss',
  'charts.curves.accuracy': 'accuracy',
  'charts.curves.testAt': ({ steps }: { steps: string }) => `test, at ${steps}`,
  'charts.curves.target': 'the target',
  'charts.curves.standardised': ({ target, deviation }: { target: string; deviation: string }) =>
    `The target is standardised: the loss measures ${target} in standard deviations of ${deviation}.`,
  'charts.curves.allStandardised': 'The targets are standardised: the loss measures each in its own standard deviations.',

  'charts.comparison.title': 'Gradient norm by depth',
  'charts.comparison.name': 'Gradient norm by depth and loss of the compared networks',
  'charts.comparison.note': 'side by side, log scale',
  'charts.comparison.depthChart': 'Gradient norm of every weight by depth, one line per network',
  'charts.comparison.lossChart': 'Loss of every network over the steps',
  'charts.comparison.shown': 'The network that the picture shows',
  'charts.comparison.show': ({ name }: { name: string }) => `Show ${name} in 3D`,
  'charts.comparison.losses': 'Loss over the steps',
  'charts.comparison.firstLayer': 'first layer',
  'charts.comparison.lastLayer': 'last layer',
  'charts.comparison.ended': ({ step }: { step: string }) => `Ended early at step ${step}.`,

  // Networks that are compared.
  'variant.plain': 'plain',
  'variant.batchNorm': 'batch norm',
  'variant.residual': 'residual',

  'charts.flow.vanishes': ({ share }: { share: string }) => `The first layer’s gradient is ${share} of the last’s: it vanishes.`,
  'charts.flow.fades': ({ share }: { share: string }) => `The first layer’s gradient is ${share} of the last’s: it fades.`,
  'charts.flow.arrivesWeaker': ({ share }: { share: string }) => `The first layer’s gradient is ${share} of the last’s: it arrives.`,
  'charts.flow.arrives': ({ share }: { share: string }) => `The first layer’s gradient is ${share} times the last’s: it arrives.`,
  'charts.flow.arrivesWhole': 'The first layer’s gradient is about as large as the last’s: it arrives.',
  'charts.flow.explodes': ({ share }: { share: string }) => `The first layer’s gradient is ${share} times the last’s: it explodes.`,
  'charts.flow.dead': 'No gradient at all reaches the first layer.',
  'charts.flow.nonFinite': (found: Odd) => `${odd(found, 'layers’ gradients')}.`,
  'charts.learning.nan': 'The loss is NaN.',
  'charts.learning.infinite': 'The loss is infinite.',
  'charts.learning.guesses': ({ loss }: { loss: string }) => `Loss ${loss}: no better than guessing.`,
  'charts.learning.learns': ({ loss, guessing }: { loss: string; guessing: string }) => `Loss ${loss}; guessing gives ${guessing}.`,

  'charts.prediction.title': 'Prediction',
  'charts.prediction.name': 'What the network predicts',
  'charts.prediction.ofTest': ({ steps }: { steps: string }) => `test · ${steps}`,
  'charts.prediction.ofTraining': ({ steps }: { steps: string }) => `training · ${steps}`,
  'charts.boundary.title': 'Decision boundary',
  'charts.boundary.chart': 'Decision boundary and samples',
  'charts.boundary.noAnswer': 'Points of the plane at which the outputs are not finite',
  'charts.scatter.title': 'Prediction and target',
  'charts.scatter.chart': 'Prediction against target',
  'charts.scatter.prediction': 'prediction',
  'charts.scatter.target': 'target',
  'charts.scatter.targetIn': ({ unit }: { unit: string }) => `target: ${unit}`,
  'charts.scatter.notDrawn': ({ found }: { found: string }) => `${found}: not drawn`,
  'charts.confusion.title': 'Confusion matrix',
  'charts.confusion.chart': 'Confusion matrix',
  'charts.confusion.predicted': 'predicted',
  'charts.confusion.true': 'true',
  'charts.confusion.correct': ({ name, count }: { name: string; count: string }) => `${name} classified correctly: ${count}`,
  'charts.confusion.mistaken': ({ name, predicted, count }: { name: string; predicted: string; count: string }) =>
    `${name} classified as ${predicted}: ${count}`,

  'charts.norms.title': 'Gradient norm per layer',
  'charts.norms.name': 'Gradient norm of every parameter',
  'charts.norms.note': 'log scale',
  'charts.norms.depthChart': 'Gradient norm of every parameter by depth',
  'charts.norms.noFinite': 'no finite gradient',
  'charts.norms.weakest': ({ name }: { name: string }) => `weakest: ${name}`,
  'charts.norms.tensor': ({ name, found }: { name: string; found: string }) => `${name} (${found})`,
  'charts.norms.oddGradients': ({ tensors }: { tensors: readonly string[] }) => `Gradients not finite: ${tensors.join(', ')}.`,
  'charts.norms.moreOddGradients': ({ tensors, more, of }: { tensors: readonly string[]; more: number; of: number }) =>
    `Gradients not finite: ${tensors.join(', ')} and ${integer(more)} more of ${integer(of)} tensors.`,
  'charts.norms.oddWeights': ({ tensors }: { tensors: readonly string[] }) => `Parameters not finite: ${tensors.join(', ')}.`,
  'charts.norms.moreOddWeights': ({ tensors, more, of }: { tensors: readonly string[]; more: number; of: number }) =>
    `Parameters not finite: ${tensors.join(', ')} and ${integer(more)} more of ${integer(of)} tensors.`,

  'charts.histograms.title': 'Weights and gradients',
  'charts.histograms.name': 'Histograms of weights and gradients',
  'charts.histograms.values': 'values',
  'charts.histograms.gradients': 'gradients',
  'charts.histograms.valuesOf': ({ parameter }: { parameter: string }) => `Values of ${parameter}`,
  'charts.histograms.gradientsOf': ({ parameter }: { parameter: string }) => `Gradients of ${parameter}`,
  'charts.histograms.before': 'Parameters before',
  'charts.histograms.after': 'Parameters after',
  'charts.histograms.from': 'Parameters from',

  'charts.cost.title': 'Cost',
  'charts.cost.name': 'What the run costs in memory and work',
  'charts.cost.parameters': 'Parameters',
  'charts.cost.gradients': 'Gradients',
  'charts.cost.optimizer': 'Optimizer state',
  'charts.cost.activations': 'Activations',
  'charts.cost.data': 'Data',
  'charts.cost.memory': ({ uses }: { uses: readonly string[] }) => uses.join(', '),
  'charts.cost.use': ({ what, size }: { what: string; size: string }) => `${what} ${size}`,
  'charts.cost.allocated': 'Allocated on the GPU',
  'charts.cost.allocatedHint': 'Including alignment, evaluation and readback buffers',
  'charts.cost.count': 'Number of parameters',
  'charts.cost.work': 'Work per step',
  'charts.cost.kernelCount': 'Kernels per step',
  'charts.cost.rate': 'Steps per second',
  'charts.cost.workRate': 'Work per second',
  'charts.cost.kernels': 'Kernels …',

  'nonFinite.nan': ({ nan, of }: Odd) => `NaN ${integer(nan)} of ${integer(of)}`,
  'nonFinite.infinite': ({ infinite, of }: Odd) => `infinite ${integer(infinite)} of ${integer(of)}`,
  'nonFinite.both': ({ nan, infinite, of }: Odd) => `NaN ${integer(nan)}, infinite ${integer(infinite)} of ${integer(of)}`,
  'nonFinite.outputs': (found: Odd) => odd(found, 'outputs'),
  'nonFinite.predictions': (found: Odd) => odd(found, 'predictions'),

  'refresh.groupNotShown': ({ reason }: { reason: string }) => `The group could not be shown: ${reason}`,
}
