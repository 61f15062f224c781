import { changeOf } from '../answers/changes.ts'
import { standing, tellingLoss, verdict, type Contestant } from '../answers/contest.ts'
import { rateTest } from '../answers/rate/test.ts'
import { reachedIn } from '../answers/reached.ts'
import { smoothed } from '../answers/smoothed.ts'
import type { Dataset } from '../data/types.ts'
import { patched, type ModelPatch } from '../model/patch.ts'
import type { ModelFile } from '../model/types.ts'
import { checkModelFitsData } from '../model/validate.ts'
import { same } from '../same.ts'
import type { Engine } from '../train/engine.ts'
import { inTurns } from '../train/turns.ts'
import type { Progress, Trainer } from '../train/types.ts'
import { pictureStyle } from '../view/charts/drawing.ts'
import { drawLossesChart } from '../view/charts/losses-chart.ts'
import { en } from '../words/en/index.ts'
import { message, say, type Message } from '../words/say.ts'
import type { Host } from './host.ts'
import { onEngine, progressTo, writeChart, writeJson } from './measuring.ts'
import { prepare, type Run, type TrainJob } from './run-train.ts'

/** A call of `compare`. */
export interface CompareJob extends TrainJob {
  /** Each a change of the run: `optimizer=sgd,momentum=0.9`. */
  with: string[]
  /** Tests the rate of each first, the run's own too. */
  testRates?: boolean
  /** The training loss that all are to reach; unless given, one that tells them apart. */
  target?: never
  loss?: number
}

/** What `compare.json` says of one network. */
export interface Compared {
  name: string
  change: ModelPatch
  learningRate: number
  /** Its history's file. */
  history: string
  steps: number
  /** Smoothed, of the training batches; null: not finite. */
  loss: number | null
  testLoss: number | null
  testAccuracy: number | null
  /** The first step at which the running mean of its training loss is at most `target`; null: at none. */
  stepsTo: number | null
  /** Seconds that these take while no other network trains; not the same from run to run. */
  secondsTo: number | null
  secondsPerStep: number | null
  flopsPerStep: number
  optimizerBytes: number
}

export interface CompareFile {
  format: 'gradscope-compare/1'
  adapter: string
  data: string
  /** The training loss that `stepsTo` is of; null where no network has one. */
  target: number | null
  sentence: string
  networks: Compared[]
}

interface Network {
  name: string
  model: ModelFile
  change: ModelPatch
}

const size = { width: 1200, height: 720 }
const secondsOfRates = 30

const networksOf = (model: ModelFile, changes: readonly string[]): Network[] => [
  { name: 'the run', model, change: {} },
  ...changes.map((text) => {
    const change = changeOf(model, text)
    return { name: text, model: patched(model, change, text), change }
  }),
]

/** Refuses changes that the job's model does not stand with, without a GPU. */
export async function checkCompare(job: CompareJob, host: Pick<Host, 'source' | 'decode'>): Promise<void> {
  const { model, dataset } = await prepare(job, host)
  for (const { name, model: own } of networksOf(model, job.with)) fits(name, own, dataset)
}

function fits(name: string, model: ModelFile, dataset: Dataset): void {
  try {
    checkModelFitsData(model, dataset)
  } catch (error) {
    throw error instanceof Error && 'of' in error ? (error as { of(source: string): Error }).of(name) : error
  }
}

/**
 * Trains the job's run and its changes side by side, from the same weights on the same batches; writes a history each, `compare.json` and `compare.png`
 * through the host, and returns what `compare.json` says.
 */
export function runCompare(job: CompareJob, host: Host): Promise<CompareFile> {
  return onEngine(job, host, async (run, engine) => {
    const networks = networksOf(run.model, job.with)
    for (const { name, model } of networks) fits(name, model, run.dataset)
    const rated = job.testRates ? await withTestedRates(networks, run, engine, host) : networks
    const { model, dataset, epochs } = run
    const perEpoch = Math.ceil(dataset.train.count / (model.batchSize * (model.accumulate ?? 1)))
    const steps = job.steps ?? (job.epochs ?? epochs) * perEpoch
    const trainers: Trainer[] = []
    try {
      for (const network of rated) trainers.push(await trainerOf(network, run, engine, steps))
      const seconds = await trainAll(trainers, steps, host)
      const results = await resultsOf(rated, trainers, seconds, dataset, host)
      return await write(results, { job, engine, dataset, host })
    } finally {
      for (const trainer of trainers) trainer.destroy()
    }
  })
}

async function withTestedRates(networks: readonly Network[], { dataset, shuffle, perturbation }: Run, engine: Engine, host: Host) {
  const rated: Network[] = []
  for (const { name, model, change } of networks) {
    const options = { shuffle, budget: secondsOfRates, ...(perturbation !== undefined && { perturbation }) }
    const { suggested } = await rateTest(engine, model, dataset, { ...options, onProgress: progressTo(host, `testing rates: ${name}`) })
    if (suggested === null) await host.report({ kind: 'note', text: `${name}: no rate tested makes the loss fall; it keeps its own.` })
    const patch = suggested === null ? {} : { optimizer: { learningRate: suggested } }
    rated.push({
      name,
      model: patched(model, patch),
      change: suggested === null ? change : { ...change, optimizer: { ...change.optimizer, learningRate: suggested } },
    })
  }
  return rated
}

function trainerOf({ model }: Network, { model: run, dataset, shuffle, perturbation }: Run, engine: Engine, steps: number) {
  const { format: _format, input, layers, ...training } = model
  return engine.trainer({ input, layers }, dataset, {
    ...training,
    shuffle,
    plannedSteps: steps,
    ...(perturbation !== undefined && { perturbation }),
    ...(!same(layers, run.layers) && { beginsLike: { input: run.input, layers: run.layers } }),
  })
}

/** Trains all to the same step; resolves to the seconds of a step of each, where they were timed. */
async function trainAll(trainers: readonly Trainer[], steps: number, host: Host): Promise<(number | null)[]> {
  const progress = progressTo(host, 'training')
  const timed: number[][] = trainers.map(() => [])
  for await (const round of inTurns(trainers, { steps })) {
    round.forEach(({ secondsPerStep }: Progress, i) => secondsPerStep !== undefined && timed[i]!.push(secondsPerStep))
    progress(Math.min(1, round[0]!.step / steps))
  }
  return timed.map((seconds) => seconds.toSorted((a, b) => a - b)[seconds.length >> 1] ?? null)
}

interface Result {
  network: Network
  contestant: Contestant
  /** As it is drawn. */
  curve: { steps: readonly number[]; loss: readonly (number | null)[] }
  tested: { loss: number; accuracy: number | null } | null
  history: string
}

async function resultsOf(
  networks: readonly Network[],
  trainers: readonly Trainer[],
  seconds: readonly (number | null)[],
  dataset: Dataset,
  host: Host,
): Promise<Result[]> {
  const results: Result[] = []
  for (const [i, network] of networks.entries()) {
    const trainer = trainers[i]!
    const tested = dataset.test && dataset.test.count > 0 ? await trainer.evaluate('test') : null
    const history = `history-${i}.json`
    await writeJson(host, history, trainer.history)
    const { step, loss } = trainer.history
    const reached = reachedIn(trainer.history)
    const contestant: Contestant = {
      title: named(network.name),
      steps: reached.steps,
      loss: reached.loss,
      secondsPerStep: seconds[i]!,
      flopsPerStep: trainer.cost.flopsPerStep,
      optimizerBytes: trainer.cost.optimizerBytes,
    }
    results.push({ network, contestant, curve: { steps: step, loss: smoothed(loss) }, tested, history })
  }
  return results
}

const named = (name: string): Message => message('experiments.named', { name })
const finite = (value: number | null | undefined): number | null => (value != null && Number.isFinite(value) ? value : null)

async function write(
  results: readonly Result[],
  { job, engine, dataset, host }: { job: CompareJob; engine: Engine; dataset: Dataset; host: Host },
): Promise<CompareFile> {
  const all = results.map(({ contestant }) => contestant)
  const target = job.loss ?? tellingLoss(all)
  const found = target === null ? null : verdict(all, target, { steps: String, loss: (value) => String(Number(value.toPrecision(4))) })
  const file: CompareFile = {
    format: 'gradscope-compare/1',
    adapter: engine.adapter.description,
    data: dataset.name,
    target,
    sentence: found ? say(en, found) : say(en, message('contest.noneReaches', { loss: target === null ? '–' : String(target) })),
    networks: results.map(({ network, contestant, tested, history }) => {
      const { loss, stepsTo, secondsTo } = standing(contestant, target ?? -Infinity)
      const { secondsPerStep, flopsPerStep, optimizerBytes, steps } = contestant
      return {
        name: network.name,
        change: network.change,
        learningRate: network.model.optimizer.learningRate,
        history,
        steps: steps.at(-1) ?? 0,
        loss: finite(loss),
        testLoss: finite(tested?.loss),
        testAccuracy: finite(tested?.accuracy),
        stepsTo,
        secondsTo,
        secondsPerStep,
        flopsPerStep,
        optimizerBytes,
      }
    }),
  }
  await writeJson(host, 'compare.json', file)
  const lines = results.map(({ network, curve }) => ({ name: network.name, ...curve }))
  await writeChart(host, {
    name: 'compare.png',
    title: say(en, message('contest.picture', { data: dataset.name })),
    lines: [file.sentence],
    size,
    draw: (context, room) =>
      drawLossesChart(
        context,
        room,
        { lines, target, words: { loss: say(en, message('charts.curves.loss')), step: say(en, message('contest.step')) } },
        pictureStyle,
      ),
  })
  return file
}
