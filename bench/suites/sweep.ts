import { PlainNetwork } from '../plain-network.ts'
import { pairedRatio, summarize } from '../statistics.ts'
import { engineRun, tasks } from '../tasks.ts'
import type { SuiteContext } from './context.ts'
import { ownTrainer, train } from './training.ts'

/** Networks that train side by side, differing in their learning rate. */
const networks = 256
/** Steps of each network in one call. */
const stepsPerCall = 2000
/** Losses of each network that are compared with float64, and their largest relative error. */
const checkedSteps = 5
const tolerance = 1e-3

/** `engine.sweep`: steps a second of all networks together, beside one such network alone. */
export async function runSweep(context: SuiteContext): Promise<void> {
  const engine = await context.engine()
  context.stage('training: sweep, checking')
  const { network, dataset, loss, optimizer, parameters } = engineRun(tasks.article)
  const options = { loss, optimizer, batchSize: tasks.article.batch, seed: 1, shuffle: false, parameters, steps: stepsPerCall }
  const variations = Array.from({ length: networks }, (_, i) => ({ learningRate: 0.001 * (i + 1) }))
  const call = () => engine.sweep(network, dataset, variations, options)
  const alone = await ownTrainer(engine, tasks.article)
  const results = await call()
  const errors = results.map(({ variation, loss: losses }) => {
    const expected = new PlainNetwork({ ...tasks.article, learningRate: variation.learningRate! }).losses(checkedSteps)
    return Math.max(...expected.map((value, i) => Math.abs(losses[i]! - value) / Math.abs(value)))
  })
  const error = Math.max(...errors)
  const ok = results.length === networks && error <= tolerance
  // A unit of work is one step of one network.
  const [all, one] = await context.measure('training: sweep', [
    {
      async issue(count) {
        for (let i = 0; i < count; i++) await call()
      },
      finish: async () => {},
    },
    { issue: (count) => train(alone, count), finish: async () => {} },
  ])
  alone.destroy()
  const about = {
    suite: 'training',
    name: 'sweep',
    engine: 'gradscope',
    unit: 'steps/s',
    error: Number.isFinite(error) ? error : null,
  } as const
  if (!all || 'problem' in all) {
    const reason = all?.problem ?? 'it was not timed'
    return context.row({ ...about, median: null, best: null, spread: null, blocks: 0, ok: false, reason })
  }
  const milliseconds = all.milliseconds.map((taken) => taken / (networks * stepsPerCall))
  const summary = summarize(
    milliseconds.map((step) => 1000 / step),
    'higher',
  )
  context.row({ ...about, ...summary, ok })
  if (one && 'milliseconds' in one)
    context.ratio({ suite: 'training', name: 'sweep', over: 'one network', ...pairedRatio(milliseconds, one.milliseconds) })
}
