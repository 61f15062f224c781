import { checkAxes, parseAxis, withValues } from '../answers/sweep/axes.ts'
import { sweepMap, type SweepMap } from '../answers/sweep/map.ts'
import type { Axis } from '../answers/sweep/axes.ts'
import { pictureStyle } from '../view/charts/drawing.ts'
import { drawSweepChart } from '../view/charts/sweep-chart.ts'
import { en } from '../words/en/index.ts'
import { message, say } from '../words/say.ts'
import type { Host } from './host.ts'
import { onEngine, progressTo, writeChart, writeJson } from './measuring.ts'
import { parsedModel, prepare, type TrainJob } from './run-train.ts'

/** A call of `sweep`. */
export interface SweepJob extends TrainJob {
  /** `NAME=FROM:TO:COUNT`, two of them. */
  vary: string[]
  budget?: number
}

/** What `sweep.json` says. */
export interface SweepFile {
  format: 'gradscope-sweep/1'
  adapter: string
  data: string
  axes: readonly Axis[]
  /** Of each network. */
  steps: number
  /** By value of the first axis and of the second: the mean loss of a network's last quarter; null: it diverged. */
  loss: SweepMap['loss']
  extent: string
}

/** Refuses axes that are none, or that the named model does not have, without a GPU. Throws an InputError. */
export async function checkSweep(job: SweepJob, host: Pick<Host, 'source' | 'decode'>): Promise<void> {
  const axes = job.vary.map(parseAxis)
  const model = job.model === undefined ? (await prepare(job, host)).model : await parsedModel(job.model, job, host)
  checkAxes(model, axes)
  for (const at of [0, -1])
    withValues(
      model,
      axes,
      axes.map(({ values }) => values.at(at)!),
    )
}

const size = { width: 1000, height: 760 }

/** Trains a network for each pair of values, writes `sweep.json` and `sweep.png` through the host, and returns what the first one says. */
export function runSweep(job: SweepJob, host: Host): Promise<SweepFile> {
  return onEngine(job, host, async ({ dataset, model, shuffle, perturbation }, engine) => {
    const map = await sweepMap(engine, model, dataset, job.vary.map(parseAxis), {
      shuffle,
      ...(perturbation !== undefined && { perturbation }),
      ...(job.steps !== undefined && { steps: job.steps }),
      ...(job.budget !== undefined && { budget: job.budget }),
      onProgress: progressTo(host, 'training networks'),
    })
    const file: SweepFile = {
      format: 'gradscope-sweep/1',
      adapter: engine.adapter.description,
      data: dataset.name,
      axes: map.axes,
      steps: map.steps,
      loss: map.loss,
      extent: say(en, map.extent),
    }
    await writeJson(host, 'sweep.json', file)
    const [first, second] = map.axes
    await writeChart(host, {
      name: 'sweep.png',
      title: say(en, message('sweep.picture.title', { data: dataset.name })),
      lines: [file.extent],
      size,
      draw: (context, room) =>
        drawSweepChart(
          context,
          room,
          {
            axes: [
              { title: say(en, message(`sweep.axis.${first.name}`)), values: first.values },
              { title: say(en, message(`sweep.axis.${second.name}`)), values: second.values },
            ],
            loss: map.loss,
            words: { loss: say(en, message('rate.chart.loss')), diverged: say(en, message('rate.chart.diverged')) },
          },
          pictureStyle,
        ),
    })
    return file
  })
}
