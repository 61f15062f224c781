import { loadPreset } from '../../src/data/presets.ts'
import type { DataSource } from '../../src/data/source.ts'
import { createEngine, type Resumed, type Trainer } from '../../src/index.ts'

export interface Outcome {
  step: number
  losses: (number | null)[]
  parameters: Record<string, number[]>
  resumed: Resumed | undefined
}

/** Goes on with a saved run of a preset for so many steps. */
export async function resume(gpu: GPU, preset: string, source: DataSource, state: Uint8Array, steps: number): Promise<Outcome> {
  const { dataset, model } = await loadPreset(preset, source, 1)
  const engine = await createEngine({ gpu })
  const trainer = await engine.trainer(model, dataset, { state })
  for await (const _ of trainer.run({ steps }));
  return outcomeOf(trainer, steps)
}

/** Parameters bit by bit, and the last losses. */
export async function outcomeOf(trainer: Trainer, steps: number): Promise<Outcome> {
  const parameters: Record<string, number[]> = {}
  for (const path of trainer.parameterPaths) parameters[path] = [...new Uint32Array((await trainer.parameter(path).read()).buffer)]
  return { step: trainer.step, losses: trainer.history.loss.slice(-steps), parameters, resumed: trainer.resumed }
}
