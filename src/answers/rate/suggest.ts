/** The learning rate that a test's networks speak for: the middle of a plateau, not the lowest of noisy points. */
import { message, type Message } from '../../words/say.ts'
import { interpolated, smoothed } from './curve.ts'
import type { RateRange } from './rates.ts'
import { divergedFactor, medianOf } from './summary.ts'

export interface Suggestion {
  /** Null where no rate of the range makes the loss fall. */
  suggested: number | null
  /** Tested rates, around the suggested one, at which the networks of all seeds learn; null where there is none. */
  from: number | null
  to: number | null
  reason: Message
}

/** What was measured. */
export interface Measured {
  rates: readonly number[]
  /** What each network reached, `[rate][seed]`; null: diverged; undefined: not trained yet. */
  loss: readonly (readonly (number | null | undefined)[])[]
  /** The loss at first weights, of each seed. */
  start: readonly number[]
  steps: number
}

/** How fast a rate loses weight for what the loss falls less at it: by e for this share of the deepest fall. */
const softness = 0.15
/** A rate is kept so many octaves below where seeds begin to diverge. */
const margin = 1
/** From this share on, smoothed as the curve, they do. */
const divergingShare = 0.1
/** A smaller fall of the loss is none. */
const leastFall = 0.02
/** A seed learns where its loss falls at least this share of what it falls at the suggested rate. */
const learns = 0.5
/** Of the deepest fall of a first look, what is worth a second. */
const worthALook = 0.4
/** A weight at an end of the range of more than this share of the highest: the best may lie beyond it. */
const open = 0.6
/** A test in which the loss falls no further has been too short. */
const tooShort = 0.15

/**
 * How far a network's loss has fallen, 0 … 1: of the loss itself, or nearly so. Of its logarithm, in which a loss of a millionth is twice as good as one of
 * a thousandth, noise in the lowest losses would decide, and with it rates at the edge of what works.
 */
const power = 0.75
const worst = 1 - divergedFactor ** power
const fallOf = (loss: number | null, start: number): number => (loss === null ? worst : Math.max(worst, 1 - (loss / start) ** power))

export function suggest({ rates, loss, start, steps }: Measured): Suggestion {
  const first = medianOf(start)
  const rows = rates
    .map((rate, i) => ({ octave: Math.log2(rate), rate, losses: loss[i]!.filter((value) => value !== undefined) }))
    .filter(({ losses }) => losses.length > 0)
  if (rows.length < 2) return nothing(steps)
  const falls = rows.map(({ losses }) => mean(losses.map((value) => fallOf(value, first))))
  const diverging = rows.map(({ losses }) => losses.filter((value) => value === null).length / losses.length)
  const octaves = rows.map(({ octave }) => octave)
  const curve = smoothed(octaves, falls)
  const deepest = Math.max(...curve.values)
  if (!(deepest > leastFall)) return nothing(steps)
  const weights = curve.values.map((fall) => Math.exp((fall - deepest) / (softness * deepest)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const middle = weights.reduce((sum, weight, i) => sum + weight * curve.at[i]!, 0) / total
  const risk = smoothed(octaves, diverging)
  const edge = risk.values.findIndex((share) => share >= divergingShare)
  const bound = edge < 0 ? Infinity : risk.at[edge]! - margin
  const suggested = Number((2 ** Math.min(middle, bound)).toPrecision(2))

  const near = nearest(octaves, Math.log2(suggested))
  const asked = learns * Math.max(leastFall, interpolated(octaves, falls, Math.log2(suggested)))
  const isGood = (i: number) => rows[i]!.losses.every((value) => value !== null && fallOf(value, first) >= asked)
  let [from, to] = [near, near]
  while (from > 0 && isGood(from - 1)) from--
  while (to < rows.length - 1 && isGood(to + 1)) to++
  const seeds = Math.max(...rows.map(({ losses }) => losses.length))
  const works = isGood(near)
  const reachedHere = medianOf(rows[near]!.losses.map((value) => value ?? Infinity))
  const isOpen = (i: number) => weights[i]! > open
  const why =
    bound < middle
      ? message('rate.because.margin', { edge: text(2 ** risk.at[edge]!) })
      : isOpen(weights.length - 1)
        ? message('rate.because.greatest', { rate: text(rates.at(-1)!) })
        : isOpen(0)
          ? message('rate.because.least', { rate: text(rates[0]!) })
          : message('rate.because.middle')
  return {
    suggested,
    from: works ? rows[from]!.rate : null,
    to: works ? rows[to]!.rate : null,
    reason: message('rate.reason', {
      why,
      rate: text(suggested),
      near: text(rows[near]!.rate),
      start: text(first, 3),
      reached: text(reachedHere, 3),
      steps,
      works: works
        ? message('rate.works', { seeds, from: text(rows[from]!.rate), to: text(rows[to]!.rate) })
        : message('rate.worksNot', { seeds }),
    }),
  }
}

/** Whether a look at few networks has seen too little of the loss' fall to tell rates apart. */
export const wasTooShort = ({ loss, start }: Pick<Look, 'loss' | 'start'>): boolean =>
  Math.max(...loss.map((value) => fallOf(value ?? null, start[0]!))) < tooShort

/** One network a rate. */
export interface Look {
  rates: readonly number[]
  loss: readonly (number | null | undefined)[]
  start: readonly number[]
}

/** What a first look over the whole range leaves to look at: where the loss falls well, and a step of the look on either side. */
export function regionOf({ rates, loss, start }: Look, whole: RateRange): RateRange {
  const falls = loss.map((value) => fallOf(value ?? null, start[0]!))
  const deepest = Math.max(...falls)
  if (!(deepest > leastFall)) return whole
  const good = falls.flatMap((fall, i) => (fall >= worthALook * deepest ? [i] : []))
  return { least: rates[Math.max(0, good[0]! - 1)]!, greatest: rates[Math.min(rates.length - 1, good.at(-1)! + 1)]! }
}

const nothing = (steps: number): Suggestion => ({ suggested: null, from: null, to: null, reason: message('rate.nothing', { steps }) })

/** A number as a sentence has it, and as somebody would write it down. */
const text = (value: number, digits = 2): string => (Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : '∞')

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const nearest = (octaves: readonly number[], at: number): number =>
  octaves.reduce((best, octave, i) => (Math.abs(octave - at) < Math.abs(octaves[best]! - at) ? i : best), 0)
