import { readSafetensors, type StoredTensor } from '../../src/model/safetensors.ts'
import type { ModelFile } from '../../src/model/types.ts'
import { parseModel } from '../../src/model/validate.ts'
import type { ReferenceData, ReferenceRun } from './train.ts'

export type Tolerances = Record<'output' | 'grad' | 'loss' | 'final' | 'evaluation', number>

export interface Golden {
  model: ModelFile
  steps: number
  tolerance: Tolerances
  tensors: Record<string, StoredTensor>
}

/** A golden case from its two files; see goldens/README.md. */
export function parseGolden(json: string, bytes: Uint8Array, name: string): Golden {
  const { steps, tolerance } = JSON.parse(json)
  return {
    model: parseModel(JSON.parse(json), `${name}.json`),
    steps,
    tolerance,
    tensors: readSafetensors(bytes, `${name}.safetensors`).tensors,
  }
}

export function goldenData({ tensors }: Golden): ReferenceData {
  const [x, y] = [tensors['data.x']!, tensors['data.y']!]
  return { samples: x.shape[0]!, x: Float64Array.from(x.data), y: Float64Array.from(y.data) }
}

/** Tensors under a prefix (`init`, `grad`, `final`), by parameter path. */
export function goldenTensors({ tensors }: Golden, prefix: string): Record<string, StoredTensor['data']> {
  const named = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`))
  return Object.fromEntries(named.map(([name, { data }]) => [name.slice(prefix.length + 1), data]))
}

const prefixed = (prefix: string, tensors: Record<string, Float64Array>): [string, Float64Array][] =>
  Object.entries(tensors).map(([path, data]) => [`${prefix}.${path}`, data])

/** What a run computed, under the golden's names. */
export function namedTensors(run: ReferenceRun): Record<string, Float64Array> {
  return {
    output: run.output,
    loss: run.losses,
    evaluation: run.evaluation,
    ...Object.fromEntries([...prefixed('grad', run.gradients), ...prefixed('final', run.final)]),
  }
}

const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** The worst error over its tolerance, per kind of tensor; infinite for a tensor that is missing or not finite. */
export function worstErrors({ tolerance, tensors }: Golden, got: Record<string, ArrayLike<number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(tolerance).map(([kind, allowed]) => {
      const names = Object.keys(tensors).filter((name) => name.split('.')[0] === kind)
      const scale = Math.max(...names.map((name) => largest(tensors[name]!.data)))
      const errors = names.map((name) => {
        const expected = tensors[name]!.data
        const values = got[name]
        if (values?.length !== expected.length) return Infinity
        const error = largest(expected.map((value, i) => values[i]! - value))
        return Number.isFinite(error) ? error / Math.max(largest(expected), 0.01 * scale, 1e-300) / allowed : Infinity
      })
      return [kind, Math.max(...errors)]
    }),
  )
}
