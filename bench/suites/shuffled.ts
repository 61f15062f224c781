import { orderKeys, permute } from '../../src/kernels/permutation.ts'
import type { Trainer } from '../../src/train/types.ts'
import { PlainNetwork } from '../plain-network.ts'
import { pairedRatio, summarize } from '../statistics.ts'
import { engineRun, taskData, tasks } from '../tasks.ts'
import type { SuiteContext } from './context.ts'
import { train } from './training.ts'

export const shuffledName = 'playground-shuffled'
const task = tasks.playground
const samples = 10 * task.batch
const seed = 1
/** Losses that are compared with float64, an epoch and a half, and their largest relative error. */
const checkedSteps = 15
const tolerance = 1e-3

/** What an order of its own for each epoch, which every trainer has unless told otherwise, costs a network that is over in microseconds. */
export async function runShuffled(context: SuiteContext): Promise<void> {
  const engine = await context.engine()
  context.stage('training: shuffled, checking')
  const { network, dataset, loss, optimizer, parameters } = engineRun({ ...task, batch: samples })
  const open = (shuffle: boolean): Promise<Trainer> =>
    engine.trainer(network, dataset, { loss, optimizer, parameters, batchSize: task.batch, seed, shuffle })
  const trainers = [await open(true), await open(false)]
  await train(trainers[0]!, checkedSteps)
  const found = trainers[0]!.history.loss
  const error = Math.max(...expectedLosses().map((value, i) => Math.abs((found[i] ?? NaN) - value) / Math.abs(value)))
  const [shuffled, inOrder] = await context.measure(
    'training: shuffled',
    trainers.map((trainer) => ({ issue: (count: number) => train(trainer, count), finish: async () => {} })),
  )
  for (const trainer of trainers) trainer.destroy()
  const about = { suite: 'training', name: shuffledName, engine: 'gradscope', unit: 'steps/s' } as const
  if (!shuffled || 'problem' in shuffled) {
    const reason = shuffled?.problem ?? 'it was not timed'
    return context.row({ ...about, median: null, best: null, spread: null, blocks: 0, ok: false, error: null, reason })
  }
  const rates = shuffled.milliseconds.map((step) => 1000 / step)
  context.row({ ...about, ...summarize(rates, 'higher'), ok: error <= tolerance, error: Number.isFinite(error) ? error : null })
  if (inOrder && 'milliseconds' in inOrder)
    context.ratio({ suite: 'training', name: shuffledName, over: 'in order', ...pairedRatio(shuffled.milliseconds, inOrder.milliseconds) })
}

/** In float64, on the batches that the reference's order makes. */
function expectedLosses(): number[] {
  const { x, y } = taskData({ ...task, batch: samples })
  const [inputs, outputs] = [task.sizes[0]!, task.sizes.at(-1)!]
  const network = new PlainNetwork(task)
  return Array.from({ length: checkedSteps }, (_, step) => {
    const first = (step * task.batch) % samples
    const keys = orderKeys(seed, Math.floor((step * task.batch) / samples))
    const rows = Array.from({ length: task.batch }, (_, i) => permute(first + i, samples, keys))
    network.feed(
      rows.flatMap((row) => [...x.subarray(row * inputs, (row + 1) * inputs)]),
      rows.flatMap((row) => [...y.subarray(row * outputs, (row + 1) * outputs)]),
    )
    return network.losses(1)[0]!
  })
}
