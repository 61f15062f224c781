/** Several trainers on one device, kept at the same step. */
import { InputError } from '../errors.ts'
import type { EarlyStopping, Progress, Trainer } from './types.ts'

export interface TurnOptions {
  /** Steps of each trainer; unset, until the loop is left. */
  steps?: number
  goal?: number
  evaluateEvery?: number
  earlyStopping?: EarlyStopping
  /** At most this many steps a second of each trainer. */
  stepsPerSecond?: number
}

/** A round takes at least so many milliseconds, where its turns may grow: what a submit and a readback wait for is then a small part of it. */
const shortestRound = 200
const longestRound = 600
/** Milliseconds of a round at a given speed. */
const pacedRound = 80
/** Steps of one turn at most. */
const longestTurn = 1024

/**
 * Trains all in rounds of equally many steps, side by side on the device, and yields after each, with one progress a trainer: whenever the caller looks,
 * all have done the same number of steps. Leaving the loop ends the training at a round's end.
 * @throws InputError without a trainer, or on a number of steps that is not positive
 */
export async function* inTurns(trainers: readonly Trainer[], options: TurnOptions = {}): AsyncGenerator<Progress[], void, void> {
  const { steps = Infinity, stepsPerSecond } = options
  if (trainers.length === 0) throw new InputError('inTurns: no trainer is given, expected at least one')
  if (!(steps > 0)) throw new InputError(`inTurns: steps is ${steps}, expected a positive number`)
  const most = stepsPerSecond ? Math.max(1, Math.floor((stepsPerSecond * pacedRound) / 1000)) : longestTurn
  let turn = 1
  for (let left = steps; left > 0;) {
    const begun = performance.now()
    const now = Math.min(turn, left)
    const round = await Promise.all(trainers.map((trainer) => turnOf(trainer, now)))
    left -= now
    const took = performance.now() - begun
    if (stepsPerSecond) await rest((1000 * now) / stepsPerSecond - took)
    const elapsed = performance.now() - begun
    yield round.map((progress) => ({ ...progress, stepsPerSecond: (1000 * now) / elapsed }))
    if (took < shortestRound) turn = Math.min(most, 2 * turn)
    else if (took > longestRound) turn = Math.max(1, turn >> 1)
  }
}

/** All that happened in a trainer's turn, as one progress. */
async function turnOf(trainer: Trainer, steps: number): Promise<Progress> {
  const parts: Progress[] = []
  const goal = trainer.step + steps
  for await (const progress of trainer.run({ steps })) parts.push(progress)
  const last = parts.at(-1)
  if (!last || trainer.step !== goal) throw new Error(`a trainer was paused at step ${trainer.step}, within a turn that ends at ${goal}`)
  return { ...last, losses: Float32Array.from(parts.flatMap(({ losses }) => [...losses])) }
}

const rest = (milliseconds: number) => new Promise<void>((resolve) => (milliseconds > 0 ? setTimeout(resolve, milliseconds) : resolve()))
