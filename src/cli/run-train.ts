import { cifar10From, datasetOf, readFiles, type DataInput, type ReadFiles } from '../data/files.ts'
import { findingsFile } from '../answers/findings/file.ts'
import type { Finding, Kind } from '../answers/findings/finding.ts'
import { watch, type Watching } from '../answers/findings/watching.ts'
import { wrongIn } from '../errors.ts'
import type { ImageOptions } from '../data/image-set.ts'
import { labelledDataset } from '../data/labelled-dataset.ts'
import { loadPreset } from '../data/presets.ts'
import type { DataFile } from '../data/source.ts'
import type { Dataset } from '../data/types.ts'
import { writeSafetensors } from '../model/safetensors.ts'
import { modelFormat, type ModelFile } from '../model/types.ts'
import { checkModelFitsData, parseModelText } from '../model/validate.ts'
import { en } from '../words/en/index.ts'
import { message, say, type Message } from '../words/say.ts'
import { createEngine, type Engine } from '../train/engine.ts'
import type { Evaluation, Precision, Progress, RunOptions, StoppedEarly, Trainer } from '../train/types.ts'
import { guarded } from './guarded.ts'
import type { Host, Reached } from './host.ts'
import { changed, type TrainingChange } from './training-change.ts'

/** A file by the name under which the host has it; a folder with the paths of all in it, which the host has under `FOLDER/PATH`. */
export type NamedInput = string | { folder: string; paths: string[] }

/** A call of `train`: a preset, or a model on data. */
export interface TrainJob {
  preset?: string
  model?: string
  data?: NamedInput[]
  target?: string
  test?: NamedInput[]
  testFraction?: number
  epochs?: number
  steps?: number
  seed?: number
  precision?: Precision
  /** What is changed of the preset's or the model's training. */
  change?: TrainingChange
  /** How the run is watched. */
  watch?: Pick<RunOptions, 'evaluateEvery' | 'earlyStopping'>
  /** Findings that end the run. */
  stopOn?: Kind[]
}

export interface Run {
  dataset: Dataset
  model: ModelFile
  epochs: number
  shuffle: boolean
  perturbation?: number
  notes: Message[]
}

const defaultSeed = 1
const defaultEpochs = 10
/** Milliseconds between two reports of progress. */
const reportInterval = 100

type Source = Pick<Host, 'source' | 'decode'>

/** Files that are read at a time. */
const together = 32

async function inputsOf(named: NamedInput[], { source }: Source): Promise<DataInput[]> {
  const inputs: DataInput[] = []
  for (const input of named) {
    if (typeof input === 'string') {
      inputs.push({ name: input, bytes: await source(input) })
      continue
    }
    const { folder, paths } = input
    const read = async (path: string) => ({ name: path, bytes: path.endsWith('/') ? new Uint8Array() : await source(`${folder}/${path}`) })
    const entries: DataFile[] = []
    for (let at = 0; at < paths.length; at += together) entries.push(...(await Promise.all(paths.slice(at, at + together).map(read))))
    inputs.push({ name: folder, entries })
  }
  return inputs
}

/** The job's files read; of a preset they are CIFAR-10. */
async function readData(job: TrainJob, host: Source): Promise<ReadFiles> {
  const data = await inputsOf(job.data ?? [], host)
  const testFiles = job.test && (await inputsOf(job.test, host))
  if (job.preset !== undefined) await cifar10From([...data, ...(testFiles ?? [])])
  return readFiles(data, testFiles && { testFiles })
}

async function presetRun(name: string, job: TrainJob, host: Source): Promise<Run> {
  const seed = job.seed ?? defaultSeed
  const read = job.data && (await readData(job, host))
  const cifar10 =
    read?.kind === 'cifar10' &&
    labelledDataset(read.labelled, {
      name: 'CIFAR-10',
      keepAxes: true,
      seed,
      ...(job.testFraction !== undefined && { testFraction: job.testFraction }),
    })
  const preset = await loadPreset(name, host.source, seed, cifar10 || undefined)
  return { ...preset, notes: [] }
}

export async function parsedModel(name: string, job: TrainJob, { source }: Source): Promise<ModelFile> {
  const parsed = parseModelText(new TextDecoder().decode(await source(name)), name)
  return { ...parsed, seed: job.seed ?? parsed.seed }
}

/** Refuses what is asked of the data that these cannot answer. */
function checkAsked(read: ReadFiles, { target, testFraction, data }: TrainJob) {
  const first = data?.[0]
  const name = typeof first === 'string' ? first : (first?.folder ?? message('command.data'))
  if (target !== undefined && read.kind !== 'table') throw wrongIn(`--target ${target}`, 'command.ownLabels', { data: name })
  const test = read.kind === 'table' ? read.test : read.kind === 'images' ? read.folder.test : read.labelled.test
  if (testFraction !== undefined && test) throw wrongIn(`--test-fraction ${testFraction}`, 'command.ownTest', { data: name })
}

async function fileRun(model: ModelFile, read: ReadFiles, job: TrainJob, host: Source): Promise<Run> {
  checkAsked(read, job)
  const dataset = await datasetOf(read, {
    seed: model.seed,
    ...(job.target !== undefined && { target: job.target }),
    ...(job.testFraction !== undefined && { testFraction: job.testFraction }),
    ...(host.decode && { decode: host.decode }),
    images: imagesFor(model.input),
  })
  return { dataset, model, epochs: defaultEpochs, shuffle: true, notes: dataset.notes ?? [] }
}

/** Images in the size and the colours that a model takes; as they come where it takes a row of numbers. */
function imagesFor(input: number[]): ImageOptions {
  const [channels, height, width] = input
  if (input.length !== 3) return {}
  return { size: { width: width!, height: height! }, colours: channels === 1 ? 'grey' : 'rgb' }
}

/** Reports at most every `reportInterval`, so that telling never slows training. */
class Reporter {
  readonly #host: Host
  readonly #steps: number
  #last = -Infinity
  #speed = 0
  constructor(host: Host, steps: number) {
    this.#host = host
    this.#steps = steps
  }
  async tell({ step, epoch, loss, accuracy, stepsPerSecond }: Progress) {
    const now = performance.now()
    this.#speed = stepsPerSecond || this.#speed // unknown at the first progress of an epoch
    if (step < this.#steps && now - this.#last < reportInterval) return
    this.#last = now
    await this.#host.report({
      kind: 'progress',
      step,
      steps: this.#steps,
      epoch,
      loss: Number.isFinite(loss) ? loss : null,
      accuracy,
      stepsPerSecond: this.#speed,
    })
  }
}

const measured = ({ loss, accuracy }: Evaluation) => ({ loss: Number.isFinite(loss) ? loss : null, accuracy })

/**
 * Trains to `steps` or until the run ends early, evaluating the test part while it goes on: at the end of each epoch unless told otherwise, and of the
 * run, where the training part is evaluated too.
 */
async function train(
  trainer: Trainer,
  watching: Watching,
  steps: number,
  hasTest: boolean,
  watched: TrainJob['watch'],
  host: Host,
): Promise<Reached> {
  const reporter = new Reporter(host, steps)
  let last: Evaluation | undefined
  for await (const progress of watching.run({ steps, ...(hasTest && { evaluateEvery: trainer.stepsPerEpoch }), ...watched })) {
    await reporter.tell(progress)
    for (const evaluation of progress.evaluations) {
      last = evaluation
      const { step } = evaluation
      await host.report({ kind: 'evaluation', step, epoch: step / trainer.stepsPerEpoch, ...measured(evaluation) })
    }
    if (progress.stopped) await host.report({ kind: 'note', text: stoppedText(progress.stopped, watched?.earlyStopping?.patience ?? 0) })
  }
  const { stoppedBy } = watching
  if (stoppedBy) await host.report({ kind: 'note', text: `Stopped at step ${trainer.step}: ${stoppedBy.kind}.` })
  const trained = await trainer.evaluate('train')
  // After the last step, or of the best parameters put back.
  const test = hasTest ? (last?.step === trained.step ? last : await trainer.evaluate('test')) : undefined
  const reached = { step: trainer.step, epoch: trainer.epoch, train: measured(trained), test: test ? measured(test) : null }
  if (trained.step !== trainer.step)
    await host.report({ kind: 'note', text: `The parameters written are those of step ${trained.step}, the best evaluation.` })
  await host.report({ kind: 'reached', ...reached })
  return reached
}

const stoppedText = ({ step, part, best }: StoppedEarly, patience: number) =>
  `Stopped at step ${step}: the ${part} loss has not improved in ${patience} evaluations on its best, ${best.loss.toPrecision(4)} at step ${best.step}.`

const findingText = ({ kind, severity, firstStep, sentence }: Finding) =>
  `${firstStep === 0 ? 'Before training' : `From step ${firstStep} on`}, ${kind} (${severity}): ${say(en, sentence)}`

/** The files of a finished run, each as soon as it is there. The same run writes the same bytes. */
async function writeResults(trainer: Trainer, findings: readonly Finding[], host: Host) {
  const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`)
  const { history } = trainer
  if (history.nonFiniteStep !== undefined)
    await host.report({
      kind: 'note',
      text: `From step ${history.nonFiniteStep} on, numbers are not finite: the run has diverged; try a smaller learning rate.`,
    })
  await host.write('model.json', json(trainer.model))
  const tensors: Parameters<typeof writeSafetensors>[0] = {}
  for (const path of trainer.parameterPaths) {
    const parameter = trainer.parameter(path)
    tensors[path] = { shape: parameter.shape, data: await parameter.read() }
  }
  await host.write('model.safetensors', writeSafetensors(tensors, { format: modelFormat }))
  await host.write('history.json', json(history))
  await host.write('findings.json', json(findingsFile(findings)))
}

/** The picture comes last and is worth less than the run: what goes wrong with it is told, and fails nothing. */
async function writePicture(engine: Engine, trainer: Trainer, data: string, reached: Reached, host: Host) {
  const missing = (why: string) => host.report({ kind: 'note', text: `view.png is not written: ${why}.` })
  const { picture } = host
  if (!picture) return missing('the 3D view needs a browser (--runtime browser)')
  try {
    await host.write('view.png', await guarded(engine, () => picture(engine, trainer, data, reached)))
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).trim()
    await missing(why.endsWith('.') ? why.slice(0, -1) : why)
  }
}

/** Reads what the job names. */
export async function prepare(job: TrainJob, host: Source): Promise<Run> {
  if (job.preset !== undefined) return asked(await presetRun(job.preset, job, host), job)
  return asked(await fileRun(await parsedModel(job.model!, job, host), await readData(job, host), job, host), job)
}

/** A run with what the call changes of its training. */
const asked = (run: Run, job: TrainJob): Run => ({
  ...run,
  model: changed(run.model, job.change, job.preset ?? job.model!, run.dataset.train.count, {
    planned: job.preset === undefined ? undefined : run.epochs, // a model file's schedule is meant as it is
    asked: job.epochs,
  }),
})

/**
 * Reads what the job names and looks whether model and data fit, without a GPU; images that the host cannot decode are looked at by their names alone.
 * Throws an InputError where they do not.
 */
export async function checkTrain(job: TrainJob, host: Source): Promise<void> {
  if (job.preset !== undefined) return void asked(await presetRun(job.preset, job, host), job)
  const parsed = await parsedModel(job.model!, job, host)
  const read = await readData(job, host)
  if (read.kind === 'images' && !host.decode) return
  const { model, dataset } = asked(await fileRun(parsed, read, job, host), job)
  checkModelFitsData(model, dataset)
}

/** Trains as the job says and writes the results through the host. Throws an InputError on bad input before anything trains. */
export async function runTrain(job: TrainJob, host: Host): Promise<void> {
  const { dataset, model, shuffle, notes, perturbation, epochs } = await prepare(job, host)
  for (const note of notes) await host.report({ kind: 'note', text: say(en, note) })
  const engine = await createEngine({ ...(host.gpu && { gpu: host.gpu }), ...(host.tuning && { tuning: host.tuning }) })
  try {
    const { format: _format, input: _input, layers: _layers, ...training } = model
    const steps = job.steps ?? (job.epochs ?? epochs) * Math.ceil(dataset.train.count / (model.batchSize * (model.accumulate ?? 1)))
    const [trainer, reached] = await guarded(engine, async () => {
      const made = await engine.trainer(model, dataset, {
        ...training,
        shuffle,
        plannedSteps: steps,
        ...(job.precision && { precision: job.precision }),
        ...(perturbation !== undefined && { perturbation }),
        onProgress: (done, what) => void host.report({ kind: 'preparing', done, what }),
      })
      const watching = await watch(engine.device, made, dataset, {
        ...(job.stopOn && { stopOn: job.stopOn }),
        onFinding: (finding) => void host.report({ kind: 'note', text: findingText(finding) }),
      })
      const figures = await train(made, watching, steps, dataset.test !== undefined, job.watch, host)
      await writeResults(made, watching.findings, host)
      watching.destroy()
      return [made, figures] as const
    })
    await writePicture(engine, trainer, dataset.name, reached, host)
    trainer.destroy()
  } finally {
    engine.destroy()
  }
}
