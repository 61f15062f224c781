/** Several trainers on one device, kept at the same step. */
import { wrongAt, wrongIn } from '../errors.ts'
import { message } from '../words/say.ts'
import type { Progress, RunOptions, Trainer } from './types.ts'

/** Of each trainer, as `Trainer.run` takes them; without `steps`, until the loop is left. */
export type TurnOptions = Pick<RunOptions, 'steps' | 'goal' | 'evaluateEvery' | 'earlyStopping' | 'stepsPerSecond'>

/** A round takes at least so many milliseconds, where its turns may grow: what a submit and a readback wait for is then a small part of it. */
const shortestRound = 200
const longestRound = 600
/** Milliseconds of a round at a given speed. */
const pacedRound = 80
/** Steps of one turn at most. */
const longestTurn = 1024
/** Of so many rounds one is timed: its turns come one after another. */
const timedEvery = 8

/**
 * Trains all in rounds of equally many steps, side by side on the device, and yields after each, with one progress a trainer: whenever the caller looks,
 * all have done the same number of steps. One that early stopping has ended rests there while the others go on: its progress says so again, without
 * losses. In one round of eight the turns come one after another and are timed (`secondsPerStep`). Ends when all rest. Leaving the loop ends the training at a round's end.
 * @throws InputError without a trainer, or on a number of steps that is not positive
 */
export async function* inTurns(trainers: readonly Trainer[], options: TurnOptions = {}): AsyncGenerator<Progress[], void, void> {
  const { steps = Infinity, stepsPerSecond, ...watch } = options
  if (trainers.length === 0) throw wrongIn('inTurns', 'run.noTrainer')
  if (!(steps > 0)) throw wrongAt('steps', 'value.wrong', { found: String(steps), expected: message('expected.positive') }).of('inTurns')
  const most = stepsPerSecond ? Math.max(1, Math.floor((stepsPerSecond * pacedRound) / 1000)) : longestTurn
  const runs = trainers.map((trainer): Run => ({ trainer, goal: watch.goal ?? trainer.step + steps, rests: undefined }))
  let turn = 1
  let rounds = 0
  for (let left = steps; left > 0 && runs.some(({ rests }) => !rests);) {
    const begun = performance.now()
    const now = Math.min(turn, left)
    const isTimed = runs.length > 1 && ++rounds % timedEvery === 0
    // What else the device is at work on, a picture say, meets the first turn: each is the first in its time.
    const round = isTimed
      ? await oneByOne(runs, now, watch, (rounds / timedEvery) % runs.length)
      : await Promise.all(runs.map((run) => turnOf(run, now, watch)))
    left -= now
    const took = performance.now() - begun
    if (stepsPerSecond) await rest((1000 * now) / stepsPerSecond - took)
    const elapsed = performance.now() - begun
    yield round.map((progress) => ({ ...progress, stepsPerSecond: (1000 * now) / elapsed }))
    if (took < shortestRound) turn = Math.min(most, 2 * turn)
    else if (took > longestRound) turn = Math.max(1, turn >> 1)
  }
}

interface Run {
  trainer: Trainer
  goal: number
  /** Its last progress, once it was stopped early. */
  rests: Progress | undefined
}

async function oneByOne(runs: readonly Run[], steps: number, watch: TurnOptions, first: number): Promise<Progress[]> {
  const round = new Map<Run, Progress>()
  for (const run of [...runs.slice(first), ...runs.slice(0, first)]) {
    const begun = performance.now()
    const before = run.trainer.step
    const progress = await turnOf(run, steps, watch)
    const took = (performance.now() - begun) / 1000
    const done = run.trainer.step - before
    round.set(run, done > 0 ? { ...progress, secondsPerStep: took / done } : progress)
  }
  return runs.map((run) => round.get(run)!)
}

/** All that happened in a trainer's turn, as one progress. */
async function turnOf(run: Run, steps: number, watch: TurnOptions): Promise<Progress> {
  const { trainer, goal, rests } = run
  if (rests) return rests
  const parts: Progress[] = []
  const end = trainer.step + steps
  for await (const progress of trainer.run({ ...watch, steps, goal })) parts.push(progress)
  const last = parts.at(-1)
  if (!last || (trainer.step !== end && !last.stopped))
    throw new Error(`a trainer was paused at step ${trainer.step}, within a turn that ends at ${end}`)
  if (last.stopped) run.rests = { ...last, losses: new Float32Array(), evaluations: [] }
  const evaluations = parts.flatMap((part) => part.evaluations)
  return { ...last, losses: joined(parts.map(({ losses }) => losses)), evaluations }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const rest = (milliseconds: number) => new Promise<void>((resolve) => (milliseconds > 0 ? setTimeout(resolve, milliseconds) : resolve()))
