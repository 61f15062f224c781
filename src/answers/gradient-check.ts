import { wrongAt } from '../errors.ts'
import { readBuffer } from '../gpu/readback.ts'
import type { Probe } from '../train/probe.ts'
import type { Trainer } from '../train/types.ts'
import type { ModelFile, ParameterSpec } from '../model/types.ts'
import { message } from '../words/say.ts'
import { differencesOf, noiseOf, noisePoints, type Difference, type Differences } from './difference.ts'
import { LossAt, placeOf, type Place } from './loss-at.ts'

/**
 * `agrees`: within what rounding and the differences leave uncertain. `kink`: the loss bends within the smallest step that rounding allows, as ReLU's and
 * max pooling's do, and the gradient is that of one side or between both. `notFinite`: the gradient or the loss beside it is not finite. `differs`: none of these.
 */
export type GradientVerdict = 'agrees' | 'kink' | 'differs' | 'notFinite'

export interface GradientCheck {
  path: string
  /** Of the parameter in its tensor, in PyTorch's order. */
  index: number
  /** After which step, on how many samples of its batch. */
  step: number
  samples: number
  parameter: number
  analytic: number
  /** Central differences of the loss at two step sizes. */
  steps: [whole: Difference, half: Difference]
  /** What both together say, and how far off that is expected to be. */
  numeric: number
  expected: number
  /** |analytic − numeric|, over the largest of both and the root mean square of all gradients. */
  relative: number
  verdict: GradientVerdict
}

export interface GradientChecks {
  step: number
  checks: GradientCheck[]
  agree: number
  kinks: number
  differ: number
  notFinite: number
  /** The largest relative difference, of those that differ or else of those that agree; null where there are none of these. */
  worst: GradientCheck | null
}

export interface GradientCheckOptions {
  signal?: AbortSignal
  onProgress?: (done: number) => void | Promise<void>
}

/**
 * Step sizes: the largest is for inputs of about 1, in the size of the parameter where that is larger; where the loss bends within it, or inputs are large,
 * an eighth of it, and so on. Where units have kinks, many samples meet one within a large step.
 */
const firstStep = { smooth: 2 ** -5, kinked: 2 ** -9 } as const
const shrink = 8
const tries = 5
/** A comparison tells something where it leaves no more than this share of the gradient, or of its tensor's, uncertain. */
const telling = 0.05
/** Neighbours at which the noise is measured, in the same size: so near that the loss hardly bends between them. */
const noiseStep = 2 ** -16
/** Standard deviations of the noise that a difference may be off. */
const deviations = 4
/** How much of itself an analytic gradient may be off: sums of single precision, and of products in half precision. */
const roundings = { f32: 1e-3, mixed: 2e-2 } as const
/** The same in the size of its tensor's gradients, whose terms may cancel in one of them. */
const cancelled = { f32: 1e-4, mixed: 2e-3 } as const

/** What is compared: a gradient, the size of its tensor's, and how much it may be off by rounding of its own. */
interface Claim {
  analytic: number
  tensor: number
  own: (value: number) => number
}

/** Differences around one step size, and the derivatives of both sides at the smaller of its two. */
interface Level {
  found: Differences
  sides: { forth: number; back: number; room: number }
}

/** Checks gradients of a run at one moment, on the batch, dropout masks and image moves of its last step. */
export class GradientChecker {
  readonly #probe: Probe
  readonly #lossAt: LossAt
  readonly #parameters: Float32Array
  readonly #gradients: Float32Array
  readonly #noise = new Map<string, number>()
  /** Root mean square of all gradients. */
  readonly #typical: number
  readonly #hasKinks: boolean

  private constructor(probe: Probe, parameters: Float32Array, gradients: Float32Array) {
    this.#probe = probe
    this.#lossAt = new LossAt(probe)
    this.#parameters = parameters
    this.#gradients = gradients
    this.#hasKinks = hasKinks(probe.prepared.model)
    const count = this.specs.reduce((sum, { shape }) => sum + countOf(shape), 0)
    this.#typical = rootMeanSquare(gradients, count)
  }

  static async open(trainer: Trainer): Promise<GradientChecker> {
    const probe = await trainer.probe({ asRun: true })
    try {
      const { device, state } = probe
      const encoder = device.createCommandEncoder({ label: 'gradient' })
      const pass = encoder.beginComputePass({ label: 'gradient' })
      probe.encodeGradient(pass)
      pass.end()
      device.queue.submit([encoder.finish()])
      const [parameters, gradients] = await Promise.all([
        readBuffer(device, probe.base, 0, state.parameterFloats * 4),
        readBuffer(device, state.gradients),
      ])
      // The small network's kernel has touched what it updates.
      const back = device.createCommandEncoder({ label: 'reset' })
      probe.encodeReset(back)
      device.queue.submit([back.finish()])
      return new GradientChecker(probe, new Float32Array(parameters), new Float32Array(gradients))
    } catch (error) {
      probe.destroy()
      throw error
    }
  }

  /** The tensors that have a gradient. */
  get specs(): ParameterSpec[] {
    return this.#probe.state.specs.filter(({ trainable }) => trainable)
  }

  /** @throws InputError on a path or an index that there is not */
  async check(path: string, index: number): Promise<GradientCheck> {
    const spec = this.specs.find((one) => one.path === path)
    if (!spec) throw wrongAt(path, 'run.noParameter', { parameters: this.specs.map((one) => one.path) }).of('gradientCheck')
    const count = countOf(spec.shape)
    if (!(Number.isSafeInteger(index) && index >= 0 && index < count))
      throw wrongAt('index', 'value.wrong', { found: String(index), expected: message('check.below', { count }) }).of('gradientCheck')
    const place = placeOf(this.#probe, spec, index)
    const [parameter, analytic] = [this.#parameters[place.at]!, this.#gradients[place.at]!]
    const tensor = rootMeanSquare(this.#tensor(this.#gradients, path), count)
    const scale = Math.max(Math.abs(parameter), 1)
    const noise = await this.#noiseAt(place, parameter, scale)
    const method = this.#probe.prepared.method.precision
    const own = (value: number) => roundings[method] * Math.max(Math.abs(analytic), Math.abs(value)) + cancelled[method] * tensor
    const { found, verdict } = await this.#compared(place, parameter, scale * firstStep[this.#hasKinks ? 'kinked' : 'smooth'], noise, {
      analytic,
      tensor,
      own,
    })
    const expected = deviations * found.error + own(found.value)
    const apart = Math.abs(analytic - found.value)
    const relative = apart === 0 ? 0 : apart / Math.max(Math.abs(analytic), Math.abs(found.value), this.#typical)
    const { step } = this.#probe.moment
    const seen = { step, samples: this.#probe.samples }
    return { path, index, ...seen, parameter, analytic, steps: found.steps, numeric: found.value, expected, relative, verdict }
  }

  /** `count` parameters drawn from all, each once. */
  async random(count: number, seed: number, { signal, onProgress }: GradientCheckOptions = {}): Promise<GradientChecks> {
    const checks: GradientCheck[] = []
    for (const { path, index } of drawn(this.specs, count, seed)) {
      signal?.throwIfAborted()
      checks.push(await this.check(path, index))
      await onProgress?.(checks.length)
    }
    const of = (verdict: GradientVerdict) => checks.filter((check) => check.verdict === verdict)
    const compared = of('differs').length > 0 ? of('differs') : of('agrees')
    return {
      step: this.#probe.moment.step,
      checks,
      agree: of('agrees').length,
      kinks: of('kink').length,
      differ: of('differs').length,
      notFinite: of('notFinite').length,
      worst: compared.reduce<GradientCheck | null>((most, one) => (most && !(one.relative > most.relative) ? most : one), null),
    }
  }

  destroy(): void {
    this.#lossAt.destroy()
    this.#probe.destroy()
  }

  /**
   * Differences at the largest step within which the loss does not bend, as far as rounding lets it be seen, and what they say of the analytic gradient.
   * Where the largest step contradicts it, smaller ones decide: two that agree with each other and not with the gradient say that it is wrong.
   */
  async #compared(place: Place, parameter: number, first: number, noise: number, { analytic, tensor, own }: Claim) {
    let before: Level | undefined
    let vague: Differences | undefined
    let latest: Differences | undefined
    for (let i = 0, h = first; i < tries; i++, h /= shrink) {
      const level = await this.#level(place, parameter, h, noise)
      const { found } = level
      latest = found
      if (!Number.isFinite(analytic + found.value)) continue
      const room = deviations * found.error
      const fits = Math.abs(analytic - found.value) <= room + own(found.value)
      const tells = room <= telling * Math.max(Math.abs(analytic), Math.abs(found.value), tensor)
      if (fits && !tells && !(vague && vague.error <= found.error)) vague = found
      const apart = before && Math.abs(found.value - before.found.value)
      const bends = apart !== undefined && apart > room + deviations * before!.found.error + own(found.value)
      if (fits && tells && (!before || bends)) return { found, verdict: 'agrees' as const }
      if (before && !(vague && !tells)) {
        // A kink at the parameter itself: what both sides differ by does not fall with the step.
        const { forth, back, room: wide } = level.sides
        const kink = Math.abs(forth - back)
        const isKink = kink > wide && kink > Math.abs(before.sides.forth - before.sides.back) / 2
        const between = analytic >= Math.min(forth, back) - wide - own(forth) && analytic <= Math.max(forth, back) + wide + own(back)
        if (isKink && between) return { found, verdict: 'kink' as const }
        if (!bends && apart! <= Math.abs(analytic - found.value) / 4)
          return { found: before.found, verdict: fits && this.#hasKinks ? ('kink' as const) : ('differs' as const) }
      }
      before = tells ? level : undefined
    }
    if (!Number.isFinite(analytic + latest!.value)) return { found: latest!, verdict: 'notFinite' as const }
    if (vague) return { found: vague, verdict: 'agrees' as const }
    return { found: latest!, verdict: this.#hasKinks ? ('kink' as const) : ('differs' as const) }
  }

  async #level(place: Place, parameter: number, h: number, noise: number): Promise<Level> {
    const points = [h, -h, h / 2, -h / 2].map((move) => Math.fround(parameter + move))
    const [here, ...losses] = (await this.#lossAt.of(place, parameter, [parameter, ...points])) as [number, ...number[]]
    const [up, down] = [points[2]! - parameter, parameter - points[3]!]
    const sides = { forth: (losses[2]! - here) / up, back: (here - losses[3]!) / down, room: (2 * deviations * noise) / Math.min(up, down) }
    return { found: differencesOf(points, losses, noise), sides }
  }

  /** By how much the loss is off, as one parameter of a tensor tells it. */
  async #noiseAt(place: Place, parameter: number, scale: number): Promise<number> {
    const known = this.#noise.get(place.spec.path)
    if (known !== undefined) return known
    const points = Array.from({ length: noisePoints }, (_, i) => Math.fround(parameter + (i - 3) * scale * noiseStep))
    const losses = await this.#lossAt.of(place, parameter, points)
    // Of a loss that hardly depends on the parameter all values may be one: half a unit in the last place remains.
    const noise = Math.max(noiseOf(losses), (2 ** -25 * Math.abs(losses[3]!)) / Math.sqrt(this.#probe.samples))
    this.#noise.set(place.spec.path, noise)
    return noise
  }

  #tensor(values: Float32Array, path: string): Float32Array {
    const { offset, size } = this.#probe.state.slice(path)
    return values.subarray(offset / 4, (offset + size) / 4)
  }
}

/** Layers and losses whose slope jumps somewhere. */
const kinked = ['relu', 'leakyRelu', 'elu', 'selu', 'maxPool2d', 'mae']
const hasKinks = ({ layers, loss }: ModelFile): boolean => {
  const text = JSON.stringify({ layers, loss })
  return kinked.some((name) => text.includes(`"${name}"`))
}

const countOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1)
const rootMeanSquare = (values: Float32Array, count: number): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / count)

/** Places among all parameters, the same for the same seed; all of them where they are fewer. */
function drawn(specs: readonly ParameterSpec[], count: number, seed: number): { path: string; index: number }[] {
  if (!(Number.isSafeInteger(count) && count > 0))
    throw wrongAt('count', 'value.wrong', { found: String(count), expected: message('expected.positiveInteger') }).of('gradientCheck')
  const total = specs.reduce((sum, { shape }) => sum + countOf(shape), 0)
  const chosen = new Set<number>()
  if (total <= count) for (let i = 0; i < total; i++) chosen.add(i)
  let state = (seed ^ 0x9e3779b9) >>> 0
  while (chosen.size < Math.min(count, total)) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    chosen.add(Math.floor((state / 2 ** 32) * total))
  }
  return [...chosen].map((number) => {
    let rest = number
    const spec = specs.find(({ shape }) => rest < countOf(shape) || ((rest -= countOf(shape)), false))!
    return { path: spec.path, index: rest }
  })
}

async function withChecker<Result>(trainer: Trainer, work: (checker: GradientChecker) => Promise<Result>): Promise<Result> {
  const checker = await GradientChecker.open(trainer)
  try {
    return await work(checker)
  } finally {
    checker.destroy()
  }
}

/** The gradient of one parameter beside central differences of the loss. @throws InputError on a path or an index that there is not */
export const gradientCheck = Object.assign(
  (trainer: Trainer, path: string, index: number): Promise<GradientCheck> => withChecker(trainer, (checker) => checker.check(path, index)),
  {
    /** The same of `count` parameters drawn from all. @throws InputError on a count that is none */
    random: (trainer: Trainer, count = 100, seed = 1, options: GradientCheckOptions = {}): Promise<GradientChecks> =>
      withChecker(trainer, (checker) => checker.random(count, seed, options)),
  },
)
