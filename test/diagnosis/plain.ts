/** The same runs on the host, in float64, layer by layer: slow to train, but without a GPU. What a reading tells is computed as a reader would write it. */
import { activate } from '../../src/kernels/reference/activation.ts'
import { initialize } from '../../src/kernels/reference/initialize.ts'
import { loss as lossOf } from '../../src/kernels/reference/loss.ts'
import { clipNorm, optimizerState, updateParameter } from '../../src/kernels/reference/optimizer.ts'
import { anatomyOf } from '../../src/model/anatomy.ts'
import { isActivation, type ActivationName } from '../../src/model/catalogue/activations.ts'
import { completeOptimizer } from '../../src/model/optimizers.ts'
import { learningRateAt } from '../../src/model/schedules.ts'
import { sizeOf } from '../../src/model/shape.ts'
import { networkOutput, parametersOf, placedLayers } from '../../src/model/shapes.ts'
import { randomStream } from '../../src/data/random.ts'
import { spreadOver } from '../../src/data/scaling.ts'
import type { Dataset, Samples } from '../../src/data/types.ts'
import type { Health, LayerHealth, OutputHealth, ParameterHealth } from '../../src/inspect/health.ts'
import { factsOf } from '../../src/answers/findings/facts.ts'
import { nextLook } from '../../src/answers/findings/looks.ts'
import { Watch } from '../../src/answers/findings/watch.ts'
import { forwardLayers, layersOfLogits, type Pass } from '../reference/network.ts'
import type { Trained } from './network.ts'
import { ends, nonFinite, norm, share, silent } from './plain-numbers.ts'
import type { Run } from './measure.ts'

interface Column {
  path: string
  parts: string[]
}

const decoded = (dataset: Dataset, { x, count }: Samples): Float64Array => {
  const size = sizeOf(dataset.inputShape)
  const { scaling } = dataset
  const unit = x instanceof Uint8Array ? 1 / 255 : 1
  const [mean, deviation] = scaling
    ? [spreadOver(dataset.inputShape, scaling.mean), spreadOver(dataset.inputShape, scaling.deviation)]
    : [[0], [1]]
  return Float64Array.from(
    { length: count * size },
    (_, i) => (x[i]! * unit - mean[(i % size) % mean.length]!) / deviation[(i % size) % deviation.length]!,
  )
}

export function plainRun({ model, data }: Trained, steps: number, isWatched = true): Run {
  const { batchSize: rows, accumulate = 1 } = model
  const specs = parametersOf(model)
  const trainable = specs.filter(({ trainable: is }) => is)
  const parameters = Object.fromEntries(
    specs.map(({ path, shape, initial }, ordinal) => [path, initialize(initial, sizeOf(shape), model.seed, ordinal)]),
  )
  const states = trainable.map(({ shape }) => optimizerState(sizeOf(shape)))
  const settings = completeOptimizer(model.optimizer)
  const columns = sizeOf(networkOutput(model))
  const holdsSigmoid = model.loss === 'binaryCrossEntropy'
  const scored = holdsSigmoid ? layersOfLogits(model.layers) : model.layers
  const x = decoded(data, data.train)
  const y = Float64Array.from(data.train.y as ArrayLike<number>)
  const { count } = data.train
  const [width, targets] = [x.length / count, y.length / count]
  let order: number[] = []
  let at = Infinity
  let epoch = -1
  const nextBatch = (): number[] => {
    if (at >= count) {
      epoch++
      at = 0
      const random = randomStream(model.seed, 1000 + epoch)
      order = Array.from({ length: count }, (_, i) => i)
        .map((i) => [random.uniform(i), i] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, i]) => i)
    }
    const batch = order.slice(at, at + rows)
    at += rows
    return batch
  }
  const stepsPerEpoch = Math.ceil(count / (rows * accumulate))
  const watch = isWatched ? new Watch({ model, data: factsOf(data, model.loss), stepsPerEpoch }) : undefined
  const { columns: pictured } = anatomyOf(model) as unknown as { columns: (Column & { layers: string[] })[] }
  const placed = new Map(placedLayers(model).map(({ path, layer }) => [path, layer]))
  const runs = new Map<string, { dead: number[]; constant: number[]; saturated: number[] }>()
  let samplesSeen = 0
  const window = Math.min(count, 2048, 32 * rows)

  const parameterHealth = (
    path: string,
    gradients: Record<string, Float64Array>,
    before: Record<string, Float64Array>,
  ): ParameterHealth => {
    const [weight, gradient] = [parameters[path]!, gradients[path]!]
    const change = weight.map((value, i) => value - before[path]![i]!)
    const size = norm(before[path]!)
    return {
      path,
      count: weight.length,
      gradientNorm: norm(gradient),
      gradientRms: norm(gradient) / Math.sqrt(weight.length),
      zeroGradients: 0,
      nonFiniteGradients: nonFinite(gradient),
      weightNorm: norm(weight),
      largestWeight: weight.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      zeroWeights: 0,
      nonFiniteWeights: nonFinite(weight),
      updateNorm: norm(change),
      updateRatio: change.every(Number.isFinite) ? (size === 0 ? null : norm(change) / size) : NaN,
    }
  }
  const outputHealth = (
    path: string,
    neurons: number,
    output: Float64Array,
    gradient: Float64Array | undefined,
    batch: number,
    name?: ActivationName,
    before?: Float64Array,
  ): OutputHealth => {
    const finite = output.filter(Number.isFinite)
    const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length
    const deviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length)
    const run = runs.get(path) ?? {
      dead: Array<number>(neurons).fill(0),
      constant: Array<number>(neurons).fill(0),
      saturated: Array<number>(neurons).fill(0),
    }
    runs.set(path, run)
    const each = output.length / batch / neurons
    const isSilent = (name && silent[name]) ?? (() => false)
    const isEnd = name && ends[name]
    for (let n = 0; n < neurons; n++) {
      const own: number[] = []
      for (let row = 0; row < batch; row++) for (let p = 0; p < each; p++) own.push(output[(row * neurons + n) * each + p]!)
      const known = own.every(Number.isFinite)
      const saturated = known && isEnd !== undefined && share(own, isEnd) >= 0.95
      const grown = (list: number[], is: boolean) => (list[n] = is ? list[n]! + batch : 0)
      grown(run.dead, known && own.every(isSilent))
      grown(run.constant, known && own.length > 1 && Math.min(...own) === Math.max(...own) && !saturated)
      grown(run.saturated, saturated)
    }
    const those = (is: (n: number) => boolean) => Array.from({ length: neurons }, (_, n) => n).filter(is)
    const dead = those((n) => Math.max(run.dead[n]!, run.constant[n]!) >= samplesSeen)
    return {
      neurons,
      count: output.length,
      mean,
      deviation,
      minimum: 0,
      maximum: 0,
      zeros: 0,
      nonFinite: nonFinite(output),
      dead,
      deadShare: dead.length / neurons,
      saturated: isEnd ? share(output, isEnd) : null,
      saturatedNeurons: isEnd ? those((n) => run.saturated[n]! >= samplesSeen) : null,
      beyondFive: before ? share(before, (value) => Math.abs(value) > 5) : null,
      gradientNorm: gradient ? norm(gradient) : null,
      nonFiniteGradients: nonFinite(gradient ?? []),
    }
  }

  const batchLoss = (batch: number[], pass: Pass) => {
    const inputs = new Float64Array(batch.length * width)
    const wanted = new Float64Array(batch.length * targets)
    batch.forEach((row, i) => {
      inputs.set(x.subarray(row * width, (row + 1) * width), i * width)
      wanted.set(y.subarray(row * targets, (row + 1) * targets), i * targets)
    })
    const run = forwardLayers(scored, 'layers', inputs, model.input, pass)
    return { inputs, run, ...lossOf(model.loss, run.output, wanted, batch.length, columns) }
  }
  const evaluate = (part: Samples): number => {
    const inputs = decoded(data, part)
    const wanted = Float64Array.from(part.y as ArrayLike<number>)
    const pass: Pass = { parameters, gradients: {}, training: false, rows: part.count, count: part.count, seed: 1, step: 0, dropouts: 0 }
    const { output } = forwardLayers(scored, 'layers', inputs, model.input, pass)
    return lossOf(model.loss, output, wanted, part.count, columns).loss
  }
  const every = Math.max(1, Math.round(steps / 10))
  for (let step = 1; step <= steps; step++) {
    let gradients: Record<string, Float64Array> = {}
    let total = 0
    let last!: ReturnType<typeof batchLoss>
    let seen!: NonNullable<Pass['seen']>
    let batch: number[] = []
    for (let part = 0; part < accumulate; part++) {
      batch = nextBatch()
      seen = new Map()
      const pass: Pass = {
        parameters,
        gradients,
        training: true,
        rows: batch.length,
        count: batch.length,
        seed: model.seed,
        step: step * accumulate + part,
        dropouts: 0,
        seen,
      }
      last = batchLoss(batch, pass)
      total += last.loss / accumulate
      last.run.backward(last.gradient)
      gradients = pass.gradients
    }
    if (accumulate > 1)
      for (const gradient of Object.values(gradients)) for (let i = 0; i < gradient.length; i++) gradient[i]! /= accumulate
    const list = trainable.map(({ path }) => gradients[path]!)
    const asTheyCame = Object.fromEntries(trainable.map(({ path }) => [path, gradients[path]!.slice()]))
    if (model.clipNorm !== undefined) clipNorm(list, model.clipNorm)
    const rate = learningRateAt(model.optimizer.learningRate, model.schedule, step, { warmup: model.warmup })
    const before =
      watch && nextLook(step - 1) === step ? Object.fromEntries(trainable.map(({ path }) => [path, parameters[path]!.slice()])) : undefined
    trainable.forEach(({ path, kind }, i) => {
      const decays = settings.decayBiasAndNorm || kind === 'weight'
      updateParameter(
        { ...settings, weightDecay: decays ? settings.weightDecay : 0 } as never,
        rate,
        step,
        parameters[path]!,
        list[i]!,
        states[i]!,
      )
    })
    if (!watch) continue
    watch.losses([Math.abs(total) > 3.4e38 ? Infinity : total])
    if (data.test && step % every === 0) watch.evaluated({ step, loss: evaluate(data.test) })
    if (!before) continue
    samplesSeen = Math.min(window, samplesSeen + batch.length)
    const layers = pictured.slice(1).map((column, i): LayerHealth => {
      const parts = column.layers
      const first = parts[0]!
      const lastActivation = parts.findLastIndex((path) => isActivation(placed.get(path)!.type))
      const name = lastActivation < 0 ? undefined : (placed.get(parts[lastActivation]!)!.type as ActivationName)
      // The logits' own layer is not run where the loss holds the sigmoid.
      const end = seen.get(column.path) ?? seen.get(parts.findLast((path) => seen.has(path))!)!
      const output = seen.has(column.path) ? end.output : activate('sigmoid', end.output)
      const isWeight = parametersOf(model).some(({ path, kind }) => path === `${first}.weight` && kind === 'weight')
      const shape = placedLayers(model).find(({ path }) => path === column.path)!.output
      return {
        path: first,
        type: placed.get(first)!.type,
        parts,
        outputPath: column.path,
        column: i + 1,
        ...(name && { activation: { path: parts[lastActivation]!, name } }),
        ...(isWeight && { weight: parameterHealth(`${first}.weight`, asTheyCame, before) }),
        norms: [],
        gradientShare: null,
        output: outputHealth(
          column.path,
          shape[0]!,
          output,
          end.gradient,
          batch.length,
          name,
          lastActivation > 0 ? seen.get(parts[lastActivation - 1]!)?.output : undefined,
        ),
      }
    })
    const lastWeight = layers.findLast(({ weight }) => weight)?.weight
    const isKnown =
      lastWeight && lastWeight.gradientNorm > 0 && lastWeight.nonFiniteGradients.nan + lastWeight.nonFiniteGradients.infinite === 0
    for (const layer of layers) {
      const { weight } = layer
      if (!weight) continue
      const own = weight.nonFiniteGradients.nan > 0 ? NaN : weight.nonFiniteGradients.infinite > 0 ? Infinity : weight.gradientNorm
      layer.gradientShare = isKnown ? own / lastWeight.gradientNorm : null
    }
    const health: Health = {
      step,
      epoch: step / stepsPerEpoch,
      loss: total,
      accuracy: null,
      learningRate: rate,
      batch: batch.length,
      window: { samples: samplesSeen, of: window },
      input: outputHealth('input', model.input[0]!, last.inputs, undefined, batch.length),
      layers,
    }
    if (watch.wantsClassErrors && step >= 100) watch.classErrors(classErrors(step))
    watch.look(health)
  }
  function classErrors(step: number) {
    const pass: Pass = { parameters, gradients: {}, training: false, rows: count, count, seed: 1, step: 0, dropouts: 0 }
    const { output } = forwardLayers(scored, 'layers', x, model.input, pass)
    const classes = Array.from({ length: columns === 1 ? 2 : columns }, () => ({ count: 0, wrong: 0 }))
    for (let i = 0; i < count; i++) {
      const row = [...output.subarray(i * columns, (i + 1) * columns)]
      const named = columns === 1 ? Number(row[0]! > 0) : row.indexOf(Math.max(...row))
      classes[y[i]!]!.count++
      if (named !== y[i]) classes[y[i]!]!.wrong++
    }
    return { step, classes }
  }
  return { findings: watch?.findings ?? [], train: evaluate(data.train), test: data.test ? evaluate(data.test) : NaN }
}
