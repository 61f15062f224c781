import type { Engine } from '../../src/train/engine.ts'
import { sgd } from '../../src/model/optimizers.ts'
import type { Trainer } from '../../src/train/types.ts'
import { countCalls, type Calls } from '../calls.ts'
import { imageDataset, imageTaskData, imageTaskNames, imageTasks, type ImageTaskName } from '../image-tasks.ts'
import { imageLosses } from '../image-reference.ts'
import type { Peer, PeerTraining } from '../peers/peer.ts'
import { PlainNetwork } from '../plain-network.ts'
import type { Contestant, Measured } from '../rounds.ts'
import type { Row } from '../result.ts'
import { pairedRatio, summarize } from '../statistics.ts'
import { engineRun, taskNames, tasks, type Task, type TaskName } from '../tasks.ts'
import type { SuiteContext } from './context.ts'
import { memoryName, runMemory } from './memory.ts'
import { runShuffled, shuffledName } from './shuffled.ts'
import { runSweep } from './sweep.ts'

/** Losses compared with float64 before anything is timed: enough to see every derivative and the optimizer's state at work. */
const checkedSteps = { wide: 3, images: 2, other: 5 }
/** Largest relative error of a loss. */
const tolerance = 1e-3

/** An engine that trains a task, held to the reference already. */
interface Entry {
  engine: string
  contestant?: Contestant
  error: number | null
  reason?: string
  variant?: string
  calls?: (work: () => Promise<void>) => Promise<Calls>
  destroy(): void
}

/** Every row that this suite may have. */
export const trainingNames = (): string[] => [...taskNames, ...imageTaskNames, memoryName, shuffledName, 'sweep']

/** Training steps a second, gradscope's ordinary trainer beside the peers on the same weights and the same batch. */
export async function runTraining(context: SuiteContext): Promise<void> {
  const wanted = [...taskNames, ...imageTaskNames].filter((name) => context.wants('training', name))
  context.expect(wanted.length + 2)
  for (const name of wanted)
    await runWork(context, name, name in imageTasks ? imageWork(name as ImageTaskName) : denseWork(name as TaskName))
  if (context.wants('training', memoryName)) runMemory(context)
  if (context.wants('training', shuffledName)) await runShuffled(context)
  if (context.wants('training', 'sweep')) await runSweep(context)
}

/** A network as each engine trains it, and its first losses in float64. */
interface Work {
  expected(): number[]
  trainer(engine: Engine): Promise<Trainer>
  /** Undefined where the peer cannot. */
  peer(peer: Peer): Promise<PeerTraining> | undefined
}

const denseWork = (name: TaskName): Work => ({
  expected: () => new PlainNetwork(tasks[name]).losses(name === 'wide' ? checkedSteps.wide : checkedSteps.other),
  trainer: (engine) => ownTrainer(engine, tasks[name]),
  peer: (peer) => peer.training(tasks[name]),
})

function imageWork(name: ImageTaskName): Work {
  const task = imageTasks[name]
  return {
    expected: () => imageLosses(task, name === 'lenet5' ? checkedSteps.other : checkedSteps.images),
    async trainer(engine) {
      const data = imageTaskData(task)
      const optimizer = sgd({ learningRate: task.learningRate, momentum: task.momentum })
      const how = { loss: 'crossEntropy', optimizer, batchSize: task.batch, seed: 1, shuffle: false, parameters: data.parameters } as const
      return engine.trainer(task.network, imageDataset(task, data), how)
    },
    peer: (peer) => peer.imageTraining?.(task),
  }
}

async function runWork(context: SuiteContext, name: string, work: Work): Promise<void> {
  context.stage(`training: ${name}, checking`)
  const expected = work.expected()
  const entries = [await ownEntry(await context.engine(), work, expected)]
  for (const peer of await context.peers()) {
    context.stage(`training: ${name}, checking ${peer.engine}`)
    const entry = await peerEntry(peer, work, expected)
    if (entry) entries.push(entry)
  }
  const sound = entries.filter((entry): entry is Entry & { contestant: Contestant } => entry.contestant !== undefined)
  const measured = await context.measure(
    `training: ${name}`,
    sound.map(({ contestant }) => contestant),
  )
  for (const entry of entries) {
    const found = measured[sound.findIndex((other) => other === entry)]
    context.row(await rowOf(name, entry, found))
  }
  const [own, ...others] = measured
  if (sound[0]?.engine === 'gradscope' && own && 'milliseconds' in own)
    for (const [i, other] of others.entries())
      if ('milliseconds' in other)
        context.ratio({ suite: 'training', name, over: sound[i + 1]!.engine, ...pairedRatio(own.milliseconds, other.milliseconds) })
  for (const entry of entries) entry.destroy()
}

/** Trains `steps` and has read every loss when it resolves. */
export async function train(trainer: Trainer, steps: number): Promise<void> {
  for await (const _ of trainer.run({ steps }));
}

export async function ownTrainer(engine: Engine, task: Task): Promise<Trainer> {
  const { network, dataset, loss, optimizer, parameters } = engineRun(task)
  return engine.trainer(network, dataset, { loss, optimizer, batchSize: task.batch, seed: 1, shuffle: false, parameters })
}

async function ownEntry(engine: Engine, work: Work, expected: number[]): Promise<Entry> {
  let trainer: Trainer | undefined
  try {
    trainer = await work.trainer(engine)
    await train(trainer, expected.length)
    const { loss, variants } = trainer.history
    const variant = [...new Set(Object.values(variants))].join(' ')
    const running = trainer
    const contestant = { issue: (count: number) => train(running, count), finish: async () => {} }
    const destroy = () => running.destroy()
    const checked = checkedAgainst(
      expected,
      loss.map((value) => value ?? NaN),
    )
    const shared = { engine: 'gradscope', ...checked, calls: countCalls, destroy, ...(variant && { variant }) }
    return checked.reason === undefined ? { ...shared, contestant } : shared
  } catch (error) {
    return { engine: 'gradscope', error: null, reason: messageOf(error), destroy: () => trainer?.destroy() }
  }
}

async function peerEntry(peer: Peer, work: Work, expected: number[]): Promise<Entry | undefined> {
  const { engine } = peer
  try {
    const training = await work.peer(peer)
    if (!training) return undefined
    const checked = checkedAgainst(expected, await training.losses(expected.length))
    const calls = peer.countCalls?.bind(peer)
    const shared = { engine, ...checked, destroy: () => training.destroy(), ...(calls && { calls }) }
    return checked.reason === undefined ? { ...shared, contestant: training } : shared
  } catch (error) {
    return { engine, error: null, reason: messageOf(error), destroy() {} }
  }
}

function checkedAgainst(expected: number[], losses: number[]): { error: number | null; reason?: string } {
  const error = Math.max(...expected.map((value, i) => Math.abs(losses[i]! - value) / Math.abs(value)))
  if (error <= tolerance) return { error }
  const found = `its first losses ${losses.map((loss) => loss.toPrecision(6)).join(', ')} are not ${expected.map((loss) => loss.toPrecision(6)).join(', ')}`
  return { error: Number.isFinite(error) ? error : null, reason: `${found}: not timed` }
}

async function rowOf(
  name: string,
  { engine, error, reason, variant, contestant, calls }: Entry,
  measured: Measured | undefined,
): Promise<Row> {
  const about = { suite: 'training', name, engine, unit: 'steps/s', error, ...(variant !== undefined && { variant }) } as const
  const failed = (why: string): Row => ({ ...about, median: null, best: null, spread: null, blocks: 0, ok: false, reason: why })
  if (!measured || !contestant) return failed(reason ?? 'it was not timed')
  if ('problem' in measured) return failed(measured.problem)
  const summary = summarize(
    measured.milliseconds.map((milliseconds) => 1000 / milliseconds),
    'higher',
  )
  const steps = measured.unitsPerBlock
  const counted = await calls?.(async () => {
    await contestant.issue(steps)
    await contestant.finish()
  })
  return {
    ...about,
    ...summary,
    ok: true,
    ...(counted && {
      dispatchesPerStep: counted.dispatches / steps,
      submitsPerStep: counted.submits / steps,
      bytesPerStep: counted.bytes / steps,
    }),
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
