import { activate } from '../../src/kernels/reference/activation.ts'
import { loss as lossOf } from '../../src/kernels/reference/loss.ts'
import { clipNorm, optimizerState, updateParameter } from '../../src/kernels/reference/optimizer.ts'
import { completeOptimizer } from '../../src/model/optimizers.ts'
import { learningRateAt } from '../../src/model/schedules.ts'
import { sizeOf } from '../../src/model/shape.ts'
import { networkOutput, parametersOf } from '../../src/model/shapes.ts'
import type { ModelFile } from '../../src/model/types.ts'
import { forwardLayers, layersOfLogits, type Forward, type Pass } from './network.ts'

/** The samples of a run: `x` `[samples, ...input]`, `y` targets `[samples, ...output]` or class indices `[samples]`. */
export interface ReferenceData {
  samples: number
  x: Float64Array
  y: Float64Array
}

export interface ReferenceRun {
  /** The network's output for the first batch, before the first update. */
  output: Float64Array
  /** Gradients of the first step's loss, before clipping, by parameter path. */
  gradients: Record<string, Float64Array>
  /** The loss of each step, before its update. */
  losses: Float64Array
  /** Parameters and running statistics after the last step. */
  final: Record<string, Float64Array>
  /** The network's output for the first batch after the last step, in evaluation mode. */
  evaluation: Float64Array
}

/** The network on a batch; `pass` receives gradients and running statistics. */
export function forward(model: ModelFile, x: Float64Array, pass: Pass): Forward {
  return forwardLayers(model.layers, 'layers', x, model.input, pass)
}

/** Trains in float64, layer by layer, on samples [(k · batchSize) mod samples, +batchSize) in order at step k from 0. */
export function trainReference(
  model: ModelFile,
  data: ReferenceData,
  steps: number,
  initial: Record<string, ArrayLike<number>>,
): ReferenceRun {
  const { batchSize: rows } = model
  const trainable = parametersOf(model).filter((parameter) => parameter.trainable)
  const parameters = Object.fromEntries(parametersOf(model).map(({ path }) => [path, Float64Array.from(initial[path]!)]))
  const states = trainable.map(({ shape }) => optimizerState(sizeOf(shape)))
  const settings = completeOptimizer(model.optimizer)
  const columns = sizeOf(networkOutput(model))
  const batchOf = (values: Float64Array, first: number): Float64Array => {
    const width = values.length / data.samples
    return values.slice(first * width, (first + rows) * width)
  }
  const passOf = (training: boolean, step: number): Pass => {
    return { parameters, gradients: {}, training, rows, count: rows, seed: model.seed, step, dropouts: 0 }
  }

  const holdsSigmoid = model.loss === 'binaryCrossEntropy'
  const scored = holdsSigmoid ? { ...model, layers: layersOfLogits(model.layers) } : model
  let output = new Float64Array()
  let firstGradients: Record<string, Float64Array> = {}
  const losses = new Float64Array(steps)
  for (let step = 1; step <= steps; step++) {
    const first = ((step - 1) * rows) % data.samples
    const pass = passOf(true, step)
    const run = forward(scored, batchOf(data.x, first), pass)
    const { loss, gradient } = lossOf(model.loss, run.output, batchOf(data.y, first), rows, columns)
    losses[step - 1] = loss
    run.backward(gradient)
    const gradients = trainable.map(({ path }) => pass.gradients[path]!)
    if (step === 1) {
      output = Float64Array.from(holdsSigmoid ? activate('sigmoid', run.output) : run.output)
      firstGradients = Object.fromEntries(trainable.map(({ path }, i) => [path, gradients[i]!.slice()]))
    }
    if (model.clipNorm !== undefined) clipNorm(gradients, model.clipNorm)
    const rate = learningRateAt(model.optimizer.learningRate, model.schedule, step, { warmup: model.warmup })
    trainable.forEach(({ path, kind }, i) => {
      const decays = settings.decayBiasAndNorm || kind === 'weight'
      const own = { ...settings, weightDecay: decays ? settings.weightDecay : 0 }
      updateParameter(own, rate, step, parameters[path]!, gradients[i]!, states[i]!)
    })
  }
  const evaluation = forward(model, batchOf(data.x, 0), passOf(false, steps)).output
  return { output, gradients: firstGradients, losses, final: parameters, evaluation }
}
