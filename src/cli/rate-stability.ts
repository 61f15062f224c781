import { rateTest } from '../answers/rate/test.ts'
import { loadPreset } from '../data/presets.ts'
import type { DataSource } from '../data/source.ts'
import { createEngine } from '../train/engine.ts'

/** What rate tests of a preset suggest, each with another seed: other first weights and batches, and other data where the preset draws them. */
export async function suggestionsOf(
  gpu: GPU,
  preset: string,
  source: DataSource,
  seeds: readonly number[],
  budget: number | undefined,
  tell: (seed: number, suggested: number | null, seconds: number) => void,
): Promise<{ suggested: (number | null)[]; extent: string }> {
  const engine = await createEngine({ gpu })
  try {
    const suggested: (number | null)[] = []
    let extent = ''
    for (const seed of seeds) {
      const begun = performance.now()
      const { dataset, model, shuffle, perturbation } = await loadPreset(preset, source, seed)
      const test = await rateTest(engine, model, dataset, {
        shuffle,
        ...(perturbation !== undefined && { perturbation }),
        ...(budget !== undefined && { budget }),
        longest: Infinity, // a busy machine must not make the tests smaller
      })
      tell(seed, test.suggested, (performance.now() - begun) / 1000)
      suggested.push(test.suggested)
      extent = `${test.rates.length} × ${test.seeds.length}, ${test.steps} steps`
    }
    return { suggested, extent }
  } finally {
    engine.destroy()
  }
}
