import { pairedRatio, summarize } from '../statistics.ts'
import { engineRun, tasks } from '../tasks.ts'
import type { SuiteContext } from './context.ts'
import { ownTrainer, train } from './training.ts'

/** Networks that train side by side, differing in their learning rate. */
const networks = 256
/** Steps of each network in one call. */
const stepsPerCall = 2000

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
  const ok = results.length === networks && results.every(({ loss: losses }) => losses.every(Number.isFinite))
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
  const about = { suite: 'training', name: 'sweep', engine: 'gradscope', unit: 'steps/s', error: ok ? 0 : null } as const
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
