/** How many networks a rate test trains, and for how long. */
import type { Cost } from '../../train/types.ts'

/** Rates and seeds of a test whose networks train at once. */
export const [ratesAtOnce, seedsAtOnce] = [16, 16]
/** Seconds that a test of one network after the other is planned for, unless somebody says otherwise. */
export const defaultBudget = 30

/** Steps of each network where all train at once. */
export const stepsAtOnce = 300
/** Of networks that train one after the other, so many of which are to fit the budget. */
const [fewestSteps, mostSteps, worthHaving] = [60, 100, 32]
/** How many times as long they train where the loss has not fallen far by then. */
export const longer = 3

export const stepsInTurn = (budget: number, perStep: number): number =>
  Math.min(mostSteps, Math.max(fewestSteps, Math.floor(budget / (perStep * worthHaving) / 10) * 10))

/** Rates and seeds worth a test, from the most networks to the fewest. */
const sizes: readonly (readonly [rates: number, seeds: number])[] = [
  [16, 16],
  [16, 12],
  [12, 12],
  [12, 8],
  [10, 7],
  [9, 6],
  [8, 5],
  [7, 4],
  [7, 3],
  [6, 2],
]
/** Rates of the first look over the whole range, of one seed. */
export const coarseRates = 9

/**
 * Seconds of a step, by count: what a dispatch and a floating-point operation take on adapters of a kind. It is counted and not measured so that
 * the same test tries the same rates and seeds each time: a time that is measured differs from run to run, and with it the answer.
 */
const [perDispatch, perFlop] = [
  { software: 8e-5, hardware: 1e-5 },
  { software: 1.2e-10, hardware: 1e-12 },
]
export function secondsPerStep(
  { dispatchesPerStep, flopsPerStep }: Pick<Cost, 'dispatchesPerStep' | 'flopsPerStep'>,
  software: boolean,
): number {
  const kind = software ? 'software' : 'hardware'
  return dispatchesPerStep * perDispatch[kind] + flopsPerStep * perFlop[kind]
}

/** A test planned for a budget that lasts longer than so many times as long ends after the seed at hand: the adapter is slower than its kind. */
export const patience = 4

export interface Size {
  rates: number
  seeds: number
}

/** The most networks that a budget has time for, after the first look; the fewest where there is time for none. */
export function sizeFor(budget: number, steps: number, perStep: number, asked: Partial<Size> = {}): Size {
  const networks = budget / (steps * perStep) - coarseRates
  const all = sizes.map(([rates, seeds]) => ({ rates: asked.rates ?? rates, seeds: asked.seeds ?? seeds }))
  return all.find(({ rates, seeds }) => rates * seeds <= networks) ?? all.at(-1)!
}

/** Seconds to compile a kernel that trains many networks at once, and of a floating-point operation in it. */
const [compiling, perFlopAtOnce] = [
  { software: 3, hardware: 1 },
  { software: 3e-9, hardware: 2e-11 },
]

/** How much a test tries, and how long that takes by count: what a reader is told beforehand. */
export function expectedTest(
  cost: Pick<Cost, 'dispatchesPerStep' | 'flopsPerStep'>,
  software: boolean,
  fits: boolean,
): Size & { seconds: number } {
  const kind = software ? 'software' : 'hardware'
  if (fits) {
    const work = ratesAtOnce * seedsAtOnce * stepsAtOnce * cost.flopsPerStep
    return { rates: ratesAtOnce, seeds: seedsAtOnce, seconds: compiling[kind] + work * perFlopAtOnce[kind] }
  }
  const perStep = secondsPerStep(cost, software)
  const steps = stepsInTurn(defaultBudget, perStep)
  const size = sizeFor(defaultBudget, steps, perStep)
  return { ...size, seconds: steps * perStep * (size.rates * size.seeds + coarseRates) }
}
