/** Stated changes of a model file, as JSON merge patches (RFC 7396): an object is merged key by key, null takes a key away, all else replaces. */
import { same } from '../same.ts'
import type { ModelFile } from './types.ts'
import { parseModel } from './validate.ts'

/** What may be of a model file's value in a patch; a list, as that of the layers, is replaced whole. */
type Patch<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { [Key in keyof Value]?: Patch<Value[Key]> | null }
    : Value

export type ModelPatch = Patch<Omit<ModelFile, 'format' | 'optimizer' | 'schedule'>> & {
  /** Of another type it replaces the optimizer, whose other settings it does not have. */
  optimizer?: { type?: string; [setting: string]: unknown }
  schedule?: { type?: string; [setting: string]: unknown } | null
}

/** RFC 7396, MergePatch; its arguments stay as they are. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return structuredClone(patch)
  const result: Record<string, unknown> = isObject(target) ? structuredClone(target) : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

/** What has an optimizer and a schedule, or a part of it. */
type Patched = { optimizer?: ModelFile['optimizer']; schedule?: ModelFile['schedule'] }

const isOther = (before: { type?: string } | undefined, after: { type?: string } | null | undefined): boolean =>
  after?.type !== undefined && after.type !== before?.type

/** What of a model a patch is merged into: of an optimizer or a schedule of another type nothing stays that is a matter of the type. */
function baseFor<Model extends Patched>(model: Model, { optimizer, schedule }: Pick<ModelPatch, 'optimizer' | 'schedule'>): Model {
  const { learningRate, weightDecay, decayBiasAndNorm } = model.optimizer ?? {}
  const kept = { learningRate, weightDecay, decayBiasAndNorm }
  return {
    ...model,
    ...(isOther(model.optimizer, optimizer) && {
      optimizer: Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    }),
    ...(isOther(model.schedule, schedule) && { schedule: {} }),
  }
}

/** A model, or a part of one, with the change; not checked. */
export const merged = <Model extends Patched>(model: Model, patch: ModelPatch): Model => mergePatch(baseFor(model, patch), patch) as Model

/**
 * The model with the change, checked. An optimizer or schedule of another type begins with that type's own settings, and an optimizer with the learning
 * rate and weight decay of the one before where the patch gives none.
 * @throws InputError as `parseModel` does, where the change makes no sense
 */
export const patched = (model: ModelFile, patch: ModelPatch, source?: string): ModelFile => parseModel(merged(model, patch), source)

/** The smallest patch that makes `after` of `before`, two models or parts of them. */
export function patchBetween(before: object, after: object): ModelPatch {
  const patch = difference(baseFor(before as Patched, after as ModelPatch), after)
  return (isObject(patch) ? patch : {}) as ModelPatch
}

function difference(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return structuredClone(after)
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return Object.fromEntries(
    [...keys]
      .filter((key) => !same(before[key], after[key]))
      .map((key) => [key, after[key] === undefined ? null : difference(before[key], after[key])]),
  )
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
