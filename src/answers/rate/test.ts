/** The learning-rate test: many rates, each from fresh weights, over many seeds. */
import type { Dataset } from '../../data/types.ts'
import { InputError, wrongAt } from '../../errors.ts'
import type { ModelFile } from '../../model/types.ts'
import { message, type Message } from '../../words/say.ts'
import type { Engine } from '../../train/engine.ts'
import type { Trainer } from '../../train/types.ts'
import { sharpness } from '../sharpness.ts'
import { constantRate, OneByOne, trainAtOnce, type Losses, type Manner } from '../networks.ts'
import {
  coarseRates,
  defaultBudget,
  longer,
  patience,
  ratesAtOnce,
  secondsPerStep,
  seedsAtOnce,
  sizeFor,
  stepsAtOnce,
  stepsInTurn,
} from './plan.ts'
import { rateRange, spacedRates, type RateRange } from './rates.ts'
import { bandOf, reached, type RateBand } from './summary.ts'
import { regionOf, suggest, wasTooShort, type Measured, type Suggestion } from './suggest.ts'

export interface RateTestOptions extends Manner, Partial<RateRange> {
  /** How many rates from `least` to `greatest`; 16 where the networks train at once. */
  rates?: number
  /** How many seeds, from the model's on; 16 where the networks train at once. */
  seeds?: number
  /** Of each network. */
  steps?: number
  /** Seconds that networks which train one after the other are planned for (default 30), where `rates` or `seeds` is not given. */
  budget?: number
  /** Seconds after which such a test ends with the seed at hand, however many were planned (default: four times the budget). */
  longest?: number
  /** Whether to measure the sharpness at the first weights too, which takes a trainer of its own (default false). */
  sharpness?: boolean
  signal?: AbortSignal
  /** Hears 0 … 1. */
  onProgress?: (done: number) => void
  /** Hears what is measured so far. */
  onPartial?: (partial: RateTestPart) => void
}

/** A rate test that is under way, or over. */
export interface RateTestPart {
  /** Rising. */
  rates: readonly number[]
  seeds: readonly number[]
  /** The mean loss of each network's last quarter, `[rate][seed]`; null: it diverged; undefined: it has not begun. */
  loss: readonly (readonly (number | null | undefined)[])[]
  bands: readonly RateBand[]
  /** A first look at the whole range, where there was time for few networks: at one seed. */
  coarse: { rates: readonly number[]; loss: readonly (number | null | undefined)[] } | null
}

export interface RateTest extends Suggestion, RateTestPart {
  loss: readonly (readonly (number | null)[])[]
  /** Of each network. */
  steps: number
  /** The median of the seeds' first losses. */
  start: number
  /** The largest eigenvalue of the loss' Hessian at the first weights, above 2 over which plain gradient descent overshoots; null where it was not measured. */
  sharpness: number | null
  way: 'atOnce' | 'oneByOne'
  /** How much was tested, and why not more. */
  extent: Message
}

interface Test {
  engine: Engine
  model: ModelFile
  dataset: Dataset
  options: RateTestOptions
  range: RateRange
}

/**
 * Trains networks at many learning rates, and says at which they learn. Each begins at the fresh weights of its seed and trains at a constant rate,
 * without the model's schedule and warm-up; all rates of a seed see the same batches. Networks that fit a workgroup train all at once, others one after
 * the other in what a budget of seconds allows, and the result says so. The same call gives the same suggestion on the same adapter.
 * @throws InputError on a range or a number that is none; what `signal` gives when it is aborted
 */
export async function rateTest(engine: Engine, given: ModelFile, dataset: Dataset, options: RateTestOptions = {}): Promise<RateTest> {
  const model = constantRate(given)
  const range = { ...rateRange(model.optimizer), ...definedOf(options) }
  const test = { engine, model, dataset, options, range }
  spacedRates(range, options.rates ?? ratesAtOnce)
  for (const key of ['seeds', 'steps'] as const) checkCount(key, options[key])
  options.signal?.throwIfAborted()
  const result = (await atOnce(test)) ?? (await oneByOne(test))
  return options.sharpness ? { ...result, sharpness: await firstSharpness(test) } : result
}

/** Of the model's own seed; null where it cannot be measured. */
async function firstSharpness({ engine, model, dataset, options: { shuffle, signal } }: Test): Promise<number | null> {
  const { format: _format, input, layers, ...training } = model
  let trainer: Trainer | undefined
  try {
    trainer = await engine.trainer({ input, layers }, dataset, { ...training, plannedSteps: 1, ...(shuffle !== undefined && { shuffle }) })
    const { value } = await sharpness(trainer, { ...roughly, ...(signal && { signal }) })
    return Number.isFinite(value) ? value : null
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  } finally {
    trainer?.destroy()
  }
}
/** A line in a chart over decades needs no more. */
const roughly = { samples: 256, tolerance: 0.05, iterations: 30 }

const definedOf = ({ least, greatest }: RateTestOptions): Partial<RateRange> => ({
  ...(least !== undefined && { least }),
  ...(greatest !== undefined && { greatest }),
})

function checkCount(key: string, count: number | undefined) {
  if (count !== undefined && !(Number.isSafeInteger(count) && count > 0))
    throw wrongAt(key, 'value.wrong', { found: String(count), expected: message('expected.positiveInteger') }).of('rateTest')
}

const seedsFrom = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i)

const at = (model: ModelFile, learningRate: number, seed: number): ModelFile => ({
  ...model,
  optimizer: { ...model.optimizer, learningRate },
  seed,
})

async function atOnce({ engine, model, dataset, options, range }: Test): Promise<RateTest | undefined> {
  const rates = spacedRates(range, options.rates ?? ratesAtOnce)
  const seeds = seedsFrom(model.seed, options.seeds ?? seedsAtOnce)
  const steps = options.steps ?? stepsAtOnce
  const models = rates.flatMap((rate) => seeds.map((seed) => at(model, rate, seed)))
  const byRate = <Value>(values: readonly Value[]): Value[][] => rates.map((_, i) => values.slice(i * seeds.length, (i + 1) * seeds.length))
  const { onPartial, onProgress, signal, shuffle, perturbation } = options
  const losses = await trainAtOnce(engine, models, dataset, {
    steps,
    signal,
    ...(shuffle !== undefined && { shuffle }),
    ...(perturbation !== undefined && { perturbation }),
    ...(onProgress && { onProgress }),
    ...(onPartial && { onPartial: (part) => onPartial(partOf(rates, seeds, byRate(part.map(reached)), null)) }),
  })
  if (!losses) return undefined
  const loss = byRate(losses.map((own) => reached(own)!))
  const start = losses.slice(0, seeds.length).map((own) => own[0]!)
  const extent = message('rate.extent.atOnce', { rates: rates.length, seeds: seeds.length, steps })
  return resultOf({ rates, seeds, loss, start, steps, coarse: null, way: 'atOnce', extent })
}

async function oneByOne({ engine, model, dataset, options, range }: Test): Promise<RateTest> {
  const { signal, onPartial, onProgress, shuffle, perturbation, budget = defaultBudget } = options
  const { longest = patience * budget } = options
  const isGiven = options.rates !== undefined && options.seeds !== undefined
  const networks = new OneByOne(engine, dataset, {
    plannedSteps: options.steps ?? longer * ratesAtOnce * 100,
    ...(shuffle !== undefined && { shuffle }),
    ...(perturbation !== undefined && { perturbation }),
  })
  try {
    const perStep = secondsPerStep(await networks.prepare(model), engine.adapter.software)
    let steps = options.steps ?? stepsInTurn(budget, perStep)
    let size = sizeFor(budget, steps, perStep, options)
    let all = size.rates * size.seeds + (isGiven ? 0 : coarseRates)
    let trained = 0
    const train = async (rate: number, seed: number, tell: (loss: number | null | undefined) => void): Promise<Losses> => {
      const losses = await networks.train(at(model, rate, seed), steps, {
        signal,
        onLosses: (part) => {
          tell(reached(part))
          onProgress?.((trained + part.length / steps) / all)
        },
      })
      tell(reached(losses))
      onProgress?.(++trained / all)
      return losses
    }
    const begun = performance.now()
    const looked = spacedRates(range, coarseRates)
    let coarse = isGiven ? null : await look(looked)
    if (coarse && options.steps === undefined && wasTooShort(coarse)) {
      steps *= longer
      size = sizeFor(budget, steps, perStep, options)
      all = size.rates * size.seeds + coarseRates
      trained = 0
      coarse = await look(looked)
    }
    const seeds = seedsFrom(model.seed, size.seeds)
    const rates = spacedRates(coarse ? regionOf(coarse, range) : range, size.rates)
    const loss = rates.map((): (number | null | undefined)[] => [])
    const start: number[] = []
    for (const [i, seed] of seeds.entries()) {
      for (const [row, rate] of rates.entries()) {
        const losses = await train(rate, seed, (value) => {
          loss[row]![i] = value
          onPartial?.(partOf(rates, seeds, loss, coarse))
        })
        start[i] ??= losses[0]!
      }
      if (!isGiven && performance.now() - begun > 1000 * longest) break
    }
    const tested = seeds.slice(0, start.length)
    const values = { rates: rates.length, seeds: tested.length, steps }
    const extent = isGiven
      ? message('rate.extent.atOnce', values)
      : message(tested.length < seeds.length ? 'rate.extent.cut' : 'rate.extent.budget', { ...values, coarse: coarseRates, budget })
    return resultOf({ rates, seeds: tested, loss: loss as (number | null)[][], start, steps, coarse, way: 'oneByOne', extent })

    async function look(wanted: number[]) {
      const found: (number | null | undefined)[] = wanted.map(() => undefined)
      const first: number[] = []
      for (const [i, rate] of wanted.entries()) {
        const losses = await train(rate, model.seed, (value) => {
          found[i] = value
          onPartial?.(partOf([], [], [], { rates: wanted, loss: found }))
        })
        first[0] ??= losses[0]!
      }
      return { rates: wanted, loss: found, start: first }
    }
  } finally {
    networks.destroy()
  }
}

function partOf(
  rates: readonly number[],
  seeds: readonly number[],
  loss: readonly (readonly (number | null | undefined)[])[],
  coarse: RateTestPart['coarse'],
): RateTestPart {
  return {
    rates,
    seeds,
    loss: loss.map((row) => [...row]),
    bands: rates.map((rate, i) => bandOf(rate, loss[i]!)),
    coarse: coarse && { rates: coarse.rates, loss: [...coarse.loss] },
  }
}

type Trained = Measured & Pick<RateTest, 'seeds' | 'coarse' | 'way' | 'extent'> & { loss: readonly (readonly (number | null)[])[] }

function resultOf(measured: Trained): RateTest {
  const { rates, seeds, loss, start, steps, coarse, way, extent } = measured
  const suggestion = suggest(measured)
  const sorted = [...start].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]!
  const { coarse: first, ...part } = partOf(rates, seeds, loss, coarse)
  return { ...part, loss, coarse: first, ...suggestion, steps, start: median, sharpness: null, way, extent }
}
