import { watch } from '../../src/answers/findings/watching.ts'
import type { Engine } from '../../src/train/engine.ts'
import type { Train } from './measure.ts'

/** Evaluations of a run: enough to see a test loss rise. */
const evaluations = 10

/** Trains on an engine. */
export const runOn =
  (engine: Engine): Train =>
  async ({ model, data }, steps, isWatched) => {
    const { format: _format, input: _input, layers: _layers, ...training } = model
    const trainer = await engine.trainer(model, data, { ...training, plannedSteps: steps, tuningTime: 0 })
    const options = { steps, ...(data.test && { evaluateEvery: Math.max(1, Math.round(steps / evaluations)) }) }
    const watching = isWatched ? await watch(engine.device, trainer, data) : undefined
    try {
      for await (const _ of (watching ?? trainer).run(options));
      const loss = async (part: 'train' | 'test') => (await trainer.evaluate(part)).loss
      return { findings: watching?.findings ?? [], train: await loss('train'), test: data.test ? await loss('test') : NaN }
    } finally {
      watching?.destroy()
      trainer.destroy()
    }
  }
