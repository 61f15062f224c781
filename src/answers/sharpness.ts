import { wrongAt } from '../errors.ts'
import { ownedWhile, type Owned } from '../gpu/owned.ts'
import { completeOptimizer, optimizerKind } from '../model/catalogue/optimizers.ts'
import { moments } from '../kernels/optimizer.ts'
import type { Moment, Probe } from '../train/probe.ts'
import type { RunOptions, Trainer } from '../train/types.ts'
import { message, type Message } from '../words/say.ts'
import { Curvature, type Metric } from './curvature.ts'
import { Lanczos } from './lanczos.ts'
import { stabilityBound, type StabilityBound } from './stability.ts'

export interface SharpnessOptions {
  /** Training samples whose mean loss it is of, in whole batches: 1024 unless given, or all where there are fewer. */
  samples?: number
  /** How far off the value may be, relative to it (default 0.01). */
  tolerance?: number
  /** Products of the Hessian with a vector at most (default 100), of two gradients each. */
  iterations?: number
  signal?: AbortSignal
  /** Heard before each product with how many there were. */
  onProgress?: (done: number) => void | Promise<void>
}

/** The largest eigenvalue of the loss' Hessian at a moment of a run. */
export interface Sharpness {
  /** After which step. */
  step: number
  /** Of the loss with its weight decay, where that is part of the gradient; preconditioned where `bound` is. NaN where the parameters are not finite. */
  value: number
  /** What remains uncertain of it: of the iteration, and of the differences that stand for derivatives. */
  error: number
  /** Whether `error` is within the tolerance. */
  converged: boolean
  tolerance: number
  /** Products with the Hessian, and gradients computed for them. */
  iterations: number
  gradients: number
  samples: number
  learningRate: number
  /** Beyond it the rate overshoots along the steepest direction; null at a rate of 0, and of an adaptive optimizer before its first step. */
  bound: StabilityBound | null
  verdict: Message
}

const [defaultSamples, defaultTolerance, defaultIterations] = [1024, 0.01, 100]

/** Measures a run's sharpness as often as wanted, with buffers that are made once: as much memory as a step, and some vectors of parameters. */
export class SharpnessMeter {
  readonly #probe: Probe
  readonly #options: SharpnessOptions

  private constructor(probe: Probe, options: SharpnessOptions) {
    this.#probe = probe
    this.#options = options
  }

  /** @throws InputError on a bad option */
  static async open(trainer: Trainer, options: SharpnessOptions = {}): Promise<SharpnessMeter> {
    const { samples = defaultSamples, tolerance = defaultTolerance, iterations = defaultIterations } = options
    for (const [name, value] of Object.entries({ tolerance, iterations }))
      if (!(value > 0)) throw wrongAt(name, 'value.wrong', { found: String(value), expected: message('expected.positive') }).of('sharpness')
    return new SharpnessMeter(await trainer.probe({ samples }), options)
  }

  /** Of the parameters as they are after the step under way. The run goes on meanwhile. */
  async measure(): Promise<Sharpness> {
    const moment = await this.#probe.capture()
    const { optimizer } = moment.settings
    const found = stabilityBound(optimizer, moment.learningRate)
    // The second correction leaves 0 with the first step of an optimizer.
    const isReady = !found?.preconditioned || moment.carried.correction2 > 0
    const bound = (isReady && found) || null
    const parts: Owned[] = []
    try {
      const value = await ownedWhile(async (own, all) => {
        const measured = await this.#measured(metricOf(this.#probe, moment, bound?.preconditioned ?? false), own)
        parts.push(...all)
        return measured
      })
      const { learningRate, step } = moment
      return {
        step,
        ...value,
        samples: this.#probe.samples,
        learningRate,
        bound,
        verdict: verdictOf(value.value, value.error, bound, moment, this.#probe.samples),
      }
    } finally {
      for (const part of parts) part.destroy()
    }
  }

  destroy(): void {
    this.#probe.destroy()
  }

  async #measured(metric: Metric, own: <Part extends Owned>(part: Part) => Part) {
    const { signal, onProgress, tolerance = defaultTolerance, iterations: most = defaultIterations } = this.#options
    const curvature = await Curvature.open(this.#probe, metric, own)
    const lanczos = new Lanczos(this.#probe, curvature, own)
    const size = (await curvature.sizeOfParameters()) || 1
    let done = 0
    const onProduct = async () => {
      signal?.throwIfAborted()
      await onProgress?.(done++)
    }
    await lanczos.begin(beginning(this.#probe))
    let iterations = 0
    let best: { value: number; error: number } = { value: NaN, error: Infinity }
    let length = size * firstLength
    for (let round = 0; round < rounds; round++, length /= 4) {
      curvature.length = length
      const found = await lanczos.search({ tolerance: tolerance / 2, most: Math.max(1, most - iterations - 2), onProduct })
      iterations += found.products
      if (!Number.isFinite(found.value)) break
      // The difference at half the length tells what the length costs: the error falls with its square.
      curvature.length = length / 2
      const half = await lanczos.along()
      curvature.length = length
      const whole = await lanczos.along()
      iterations += 2
      const value = (4 * half - whole) / 3
      const error = Math.abs(half - whole) + Math.min(found.residual, Math.abs(found.residual))
      if (error < best.error) best = { value, error }
      if (best.error <= tolerance * Math.abs(best.value) || iterations >= most) break
    }
    const converged = best.error <= tolerance * Math.abs(best.value)
    return { ...best, converged, tolerance, iterations, gradients: curvature.gradients }
  }
}

/** ε of the first differences, in the size of all parameters: rounding costs about 2⁻²⁴ of it over ε, the differences' own error falls with ε². */
const firstLength = 2 ** -10
/** Each of a quarter of the length before. */
const rounds = 4

/** A direction that has a share in every parameter, the same every time. */
function beginning({ state }: Probe): Float32Array<ArrayBuffer> {
  const values = new Float32Array(state.parameterFloats)
  let seed = 1
  for (const { path, trainable } of state.specs) {
    if (!trainable) continue
    const { offset, size } = state.slice(path)
    for (let i = offset / 4; i < (offset + size) / 4; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      values[i] = seed / 2 ** 31 - 1
    }
  }
  return values
}

function metricOf({ base, state }: Probe, { settings, carried }: Moment, preconditioned: boolean): Metric {
  const { optimizer } = settings
  const kind = optimizerKind(optimizer)
  const decay = kind.decaysApart ? 0 : (optimizer.weightDecay ?? 0)
  if (!preconditioned) return { decay }
  const { beta1 = 0, eps } = completeOptimizer(optimizer) as { beta1?: number; eps: number }
  // Of the step to come, whose first moment is corrected by its own number; the second is the last step's.
  const first = optimizer.type === 'adam' || optimizer.type === 'adamw' ? carried.correction1 * beta1 + (1 - beta1) : 1
  const second = optimizer.type === 'adam' || optimizer.type === 'adamw' ? Math.sqrt(carried.correction2) : 1
  const { offset, size } = state.moment(moments(optimizer).indexOf('second'))
  return { decay, adaptive: { corrections: [first, second, eps], second: { buffer: base, offset, size } } }
}

/** Within so much of the bound, or of what is uncertain of the value, a run is at the edge of stability. */
const edge = 0.05

function verdictOf(
  value: number,
  error: number,
  bound: StabilityBound | null,
  { settings, learningRate }: Moment,
  samples: number,
): Message {
  if (!Number.isFinite(value)) return message('sharpness.notFinite')
  const optimizer = optimizerKind(settings.optimizer).title
  if (!bound) return learningRate > 0 ? message('sharpness.noMoment', { value, optimizer }) : message('sharpness.noRate', { value })
  const about = Math.abs(value - bound.value) <= Math.max(error, edge * bound.value)
  const side = about ? 'about' : value > bound.value ? 'above' : 'below'
  const facts = {
    value,
    bound: bound.value,
    formula: bound.formula,
    preconditioned: bound.preconditioned,
    optimizer,
    samples,
    clipped: settings.clipNorm !== null,
  }
  return message(`sharpness.${side}`, facts)
}

/** A run's sharpness as it is now. @throws InputError on a bad option */
export async function sharpness(trainer: Trainer, options: SharpnessOptions = {}): Promise<Sharpness> {
  const meter = await SharpnessMeter.open(trainer, options)
  try {
    return await meter.measure()
  } finally {
    meter.destroy()
  }
}

export interface SharpnessAlong extends SharpnessOptions {
  /** Steps between two measurements. */
  every: number
  /** Steps to train. */
  steps: number
  run?: Omit<RunOptions, 'steps' | 'epochs' | 'signal'>
}

/** Trains, and measures before the first step and after every so many. @throws InputError on a bad option */
export async function* sharpnessAlong(trainer: Trainer, { every, steps, run, ...options }: SharpnessAlong): AsyncGenerator<Sharpness> {
  const meter = await SharpnessMeter.open(trainer, options)
  try {
    yield await meter.measure()
    const goal = run?.goal ?? trainer.step + steps
    for (let left = steps; left > 0; left -= every) {
      let stopped = false
      for await (const progress of trainer.run({
        ...run,
        steps: Math.min(every, left),
        goal,
        ...(options.signal && { signal: options.signal }),
      }))
        stopped ||= progress.stopped !== undefined
      yield await meter.measure()
      if (stopped) return
    }
  } finally {
    meter.destroy()
  }
}
