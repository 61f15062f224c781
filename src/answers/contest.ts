/** How networks that train side by side stand: which reaches a loss first, and what each takes to do so. */
import { message, type Message } from '../words/say.ts'

/** One of them. */
export interface Contestant {
  title: Message
  /** Rising steps, and the running mean of its training loss at each (`Reached`); null: not finite. */
  steps: readonly number[]
  loss: readonly (number | null)[]
  /** Seconds of a step while no other trains; null: not timed yet. */
  secondsPerStep: number | null
  flopsPerStep: number
  /** What the optimizer keeps beside the parameters. */
  optimizerBytes: number
}

export interface Standing {
  /** The latest mean; null before the first step, NaN where it is not finite. */
  loss: number | null
  /** The first step at which the mean is at most the target; null: at none yet. */
  stepsTo: number | null
  /** What these steps take while no other trains. */
  secondsTo: number | null
}

export function standing({ steps, loss, secondsPerStep }: Pick<Contestant, 'steps' | 'loss' | 'secondsPerStep'>, target: number): Standing {
  const at = loss.findIndex((value) => value !== null && value <= target)
  const stepsTo = at < 0 ? null : steps[at]!
  return {
    loss: loss.length === 0 ? null : (loss.at(-1) ?? NaN),
    stepsTo,
    secondsTo: stepsTo === null || secondsPerStep === null ? null : stepsTo * secondsPerStep,
  }
}

/** A loss that tells them apart: a round one that half of them have reached; null where none has begun. */
export function tellingLoss(all: readonly Pick<Contestant, 'loss'>[]): number | null {
  const least = all
    .map(({ loss }) => loss.reduce<number>((low, value) => (value !== null && value < low ? value : low), Infinity))
    .filter((value) => Number.isFinite(value) && value > 0)
    .toSorted((a, b) => a - b)
  if (least.length === 0) return null
  return roundedUp(least[(least.length - 1) >> 1]!)
}

/** To one or two digits, not below the value: 1, 1.5, 2, 3, 5 or 7 times a power of ten. */
export function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const digit = [1, 1.5, 2, 3, 5, 7, 10].find((digits) => digits * power >= value * (1 - 1e-9))!
  return Number((digit * power).toPrecision(2))
}

/** How numbers are written in the language at hand. */
export interface Writing {
  steps(count: number): string
  loss(value: number): string
}

/** Steps that differ by less, as a share, are told as equal: another seed would turn them round. */
const tie = 0.05

/** Which reaches the target in the fewest steps, which comes next, and at what memory; null where none has reached it. */
export function verdict(all: readonly Contestant[], target: number, { steps, loss }: Writing): Message | null {
  const [first, second] = all
    .flatMap((contestant) => {
      const { stepsTo } = standing(contestant, target)
      return stepsTo === null ? [] : [{ ...contestant, stepsTo }]
    })
    .toSorted((a, b) => a.stepsTo - b.stepsTo)
  if (!first) return null
  const best = { name: first.title, loss: loss(target), steps: steps(first.stepsTo) }
  if (!second) return all.length > 1 ? message('contest.alone', best) : null
  const next = {
    name: second.title,
    steps: steps(second.stepsTo),
    isTie: second.stepsTo <= (1 + tie) * first.stepsTo,
    memory: second.optimizerBytes === first.optimizerBytes ? 1 : second.optimizerBytes / first.optimizerBytes,
  }
  return message('contest.both', { best: message('contest.best', best), next: message('contest.next', next) })
}
