import { rateTest, type RateTest } from '../answers/rate/test.ts'
import { spacedRates, rateRange, type RateRange } from '../answers/rate/rates.ts'
import { ratesAtOnce } from '../answers/rate/plan.ts'
import { stabilityBound } from '../answers/stability.ts'
import { optimizerKind } from '../model/catalogue/optimizers.ts'
import type { ModelFile } from '../model/types.ts'
import { pictureStyle } from '../view/charts/drawing.ts'
import { drawRateChart } from '../view/charts/rate-chart.ts'
import { en } from '../words/en/index.ts'
import { message, say } from '../words/say.ts'
import type { Host } from './host.ts'
import { onEngine, progressTo, writeChart, writeJson } from './measuring.ts'
import type { TrainJob } from './run-train.ts'

/** A call of `rate`. */
export interface RateJob extends TrainJob, Partial<RateRange> {
  rates?: number
  seeds?: number
  budget?: number
}

/** What `rate.json` says. */
export interface RateFile {
  format: 'gradscope-rate/1'
  adapter: string
  data: string
  optimizer: string
  rates: readonly number[]
  seeds: readonly number[]
  /** Of each network. */
  steps: number
  /** `[rate][seed]`: the mean loss of a network's last quarter; null: it diverged. */
  loss: readonly (readonly (number | null)[])[]
  /** The median of the seeds' first losses. */
  start: number
  suggested: number | null
  from: number | null
  to: number | null
  sharpness: number | null
  /** The rate above which a step along the steepest direction overshoots at the first weights: 2 / sharpness, with momentum (2 + 2β) / sharpness; null of an adaptive optimizer. */
  limit: number | null
  reason: string
  /** How much was tested, and why not more. */
  extent: string
  /** A first look over the whole range at one seed, where the test could not try it all. */
  coarse: RateTest['coarse']
}

const size = { width: 1200, height: 720 }

/** Tests learning rates as the job says, writes `rate.json` and `rate.png` through the host, and returns what the first one says. */
export function runRate(job: RateJob, host: Host): Promise<RateFile> {
  const { rates, seeds, steps, least, greatest, budget } = job
  return onEngine(job, host, async ({ dataset, model, shuffle, perturbation }, engine) => {
    const options = {
      shuffle,
      ...(perturbation !== undefined && { perturbation }),
      ...(rates !== undefined && { rates }),
      ...(seeds !== undefined && { seeds }),
      ...(steps !== undefined && { steps }),
      ...(least !== undefined && { least }),
      ...(greatest !== undefined && { greatest }),
      ...(budget !== undefined && { budget }),
    }
    const test = await rateTest(engine, model, dataset, { ...options, sharpness: true, onProgress: progressTo(host, 'testing rates') })
    const file: RateFile = {
      format: 'gradscope-rate/1',
      adapter: engine.adapter.description,
      data: dataset.name,
      optimizer: model.optimizer.type,
      rates: test.rates,
      seeds: test.seeds,
      steps: test.steps,
      loss: test.loss,
      start: test.start,
      suggested: test.suggested,
      from: test.from,
      to: test.to,
      sharpness: test.sharpness,
      limit: limitOf(test, model),
      reason: say(en, test.reason),
      extent: say(en, test.extent),
      coarse: test.coarse,
    }
    await writeJson(host, 'rate.json', file)
    await writeChart(host, {
      name: 'rate.png',
      title: say(en, message('rate.picture.title', { data: dataset.name, optimizer: optimizerKind(model.optimizer).title })),
      lines: [file.reason, file.extent],
      size,
      draw: (context, room) => drawRateChart(context, room, chartOf(test, model, { least, greatest }), pictureStyle),
    })
    return file
  })
}

/** A bound on the curvature at a rate of 1 is that of the rate times the curvature. */
function limitOf({ sharpness }: RateTest, { optimizer }: ModelFile): number | null {
  const bound = stabilityBound(optimizer, 1)
  return sharpness === null || !(sharpness > 0) || !bound || bound.preconditioned ? null : bound.value / sharpness
}

function chartOf(test: RateTest, model: ModelFile, { least, greatest }: { least?: number | undefined; greatest?: number | undefined }) {
  const { optimizer } = model
  const range = rateRange(optimizer)
  const whole = spacedRates({ least: least ?? range.least, greatest: greatest ?? range.greatest }, ratesAtOnce)
  return {
    ...test,
    least: whole[0]!,
    greatest: whole.at(-1)!,
    now: optimizer.learningRate,
    limit: limitOf(test, model),
    words: {
      rate: say(en, message('rate.chart.rate')),
      loss: say(en, message('rate.chart.loss')),
      start: say(en, message('rate.chart.start')),
      diverged: say(en, message('rate.chart.diverged')),
      now: say(en, message('rate.chart.given')),
      median: say(en, message('rate.chart.median')),
      quartiles: say(en, message('rate.chart.quartiles')),
      works: say(en, message('rate.chart.works')),
      limit: say(en, message('rate.chart.limit')),
    },
  }
}
