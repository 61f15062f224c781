/** A run in a file, `gradscope-state/1`: all that it takes to go on to the same bits. */
import type { Dataset } from '../data/types.ts'
import { within, wrongAt, wrongIn } from '../errors.ts'
import { readBuffer } from '../gpu/readback.ts'
import { found, wholeNumber } from '../model/schema.ts'
import { readSafetensors, writeSafetensors, type StoredTensor } from '../model/safetensors.ts'
import type { ModelFile, Network } from '../model/types.ts'
import { checkRunSettings, parseModel, type RunSettings } from '../model/validate.ts'
import { same } from '../same.ts'
import type { Prepared } from './prepare.ts'
import { tensorsOf, type RunNumbers, type TakenSnapshot } from './run-snapshot.ts'
import type { Kept, PlanName, Precision, Resumed, TrainerOptions } from './types.ts'

export const stateFormat = 'gradscope-state/1'

/** How the steps of a run are computed, which its bits depend on. */
export interface RunMethod {
  shuffle: boolean
  plan: Exclude<PlanName, 'auto'>
  precision: Precision
  activations: Kept
  beginsLike?: Network
}

/** The data that a run trains on, as far as a step depends on their shape. */
interface DataFacts {
  name: string
  inputShape: number[]
  outputs: number
  samples: number
  testSamples: number
  /** Samples that the first epoch takes together. */
  block: number
}

/** What a state file says. */
export interface SavedRun {
  model: ModelFile
  method: RunMethod
  data: DataFacts
  adapter: string
  variants: Record<string, string>
  numbers: RunNumbers
  tensors: Record<string, StoredTensor>
}

// JSON has no word for these.
const spelled = (_: string, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)
const unspelled = (_: string, value: unknown) => (value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value)

const factsOf = ({ name, inputShape, outputs, train, test }: Dataset): Omit<DataFacts, 'block'> => ({
  name,
  inputShape,
  outputs,
  samples: train.count,
  testSamples: test?.count ?? 0,
})

/** The file of a run as it was when the snapshot was taken. The same run gives the same bytes. */
export async function stateFileOf(prepared: Prepared, snapshot: TakenSnapshot): Promise<Uint8Array<ArrayBuffer>> {
  const { gpu, model, dataset, programs, method, block } = prepared
  const { device } = gpu
  const [numbers, ...parts] = await Promise.all([
    snapshot.numbers,
    ...snapshot.of(prepared).map(async (part) => tensorsOf(part, await readBuffer(device, part.slice.buffer))),
  ])
  const { step, seed, settings, changes: _changes, history: _history, ...run } = numbers
  return writeSafetensors(Object.assign({}, ...parts), {
    format: stateFormat,
    model: JSON.stringify({ ...model, seed }),
    settings: JSON.stringify({ ...settings, ...method }),
    step: String(step),
    seed: String(seed),
    adapter: gpu.adapter.description,
    variants: JSON.stringify(programs.training.variants),
    data: JSON.stringify({ ...factsOf(dataset), block }),
    run: JSON.stringify(run, spelled),
  })
}

/** What a state file says. Throws an InputError where it is none, or is damaged. */
export function readRunState(bytes: Uint8Array, file = 'state'): SavedRun {
  const { tensors, metadata } = readSafetensors(bytes, file)
  if (metadata['format'] !== stateFormat)
    throw wrongAt('format', 'state.format', { found: found(metadata['format'] ?? null), expected: stateFormat }).of(file)
  const part = (key: string): unknown => {
    try {
      return JSON.parse(metadata[key] ?? '', unspelled)
    } catch {
      throw wrongAt(key, metadata[key] === undefined ? 'state.missing' : 'state.notJson').of(file)
    }
  }
  const model = parseModel(part('model'), file)
  const { shuffle, plan, precision, activations, beginsLike, ...settings } = part('settings') as RunSettings & RunMethod
  checkRunSettings(settings, file)
  const [step, seed] = [part('step'), part('seed')]
  within(file, () => wholeNumber(step, 'step'))
  return {
    model,
    method: { shuffle, plan, precision, activations, ...(beginsLike && { beginsLike }) },
    data: part('data') as DataFacts,
    adapter: metadata['adapter'] ?? '',
    variants: part('variants') as Record<string, string>,
    numbers: { ...(part('run') as Omit<RunNumbers, 'step' | 'seed' | 'settings'>), step: step as number, seed: seed as number, settings },
    tensors,
  }
}

/** How a run goes on here from a file. */
export const resumedFrom = ({ numbers, adapter, variants }: SavedRun, { gpu, programs }: Prepared): Resumed => ({
  step: numbers.step,
  sameVariants: same(variants, programs.training.variants),
  sameAdapter: adapter === gpu.adapter.description,
})

/** What a run's bits depend on: it does not go on with another. */
const fixedKeys = [
  'loss',
  'batchSize',
  'accumulate',
  'augmentation',
  'seed',
  'shuffle',
  'plan',
  'precision',
  'activations',
  'beginsLike',
  'variants',
] as const

/** The options that a run goes on with. Throws an InputError where network, data or an option that was given do not continue it. */
export function continued(saved: SavedRun, network: Network, dataset: Dataset, given: Partial<TrainerOptions>): TrainerOptions {
  const { format: _, input, layers, ...training } = saved.model
  if (!alike({ input, layers }, parseModel({ ...saved.model, input: network.input, layers: network.layers }, 'model'), ['input', 'layers']))
    throw wrongIn('state', 'state.network')
  const facts = factsOf(dataset)
  for (const key of ['inputShape', 'outputs', 'samples'] as const)
    if (!same(facts[key], saved.data[key]))
      throw wrongAt(key, 'state.data', { saved: found(saved.data[key]), data: dataset.name, found: found(facts[key]) }).of('state')
  const fixed: Record<string, unknown> = {
    ...training,
    ...saved.method,
    accumulate: training.accumulate ?? 1,
    variants: saved.variants,
  }
  const asked: Record<string, unknown> = {
    ...given,
    ...(given.batchSize !== undefined && { batchSize: Math.min(given.batchSize, dataset.train.count) }),
    ...(given.plan === 'auto' && { plan: undefined }),
  }
  for (const key of fixedKeys)
    if (asked[key] !== undefined && !same(asked[key], fixed[key]))
      throw wrongAt(key, 'state.setting', { saved: found(fixed[key]), asked: found(asked[key]) }).of('state')
  if (given.parameters) throw wrongIn('state', 'state.parameters')
  const { optimizer: _o, schedule: _s, warmup: _w, clipNorm: _c, perturbation: _p, ...rest } = given
  return { ...rest, ...training, ...saved.method, perturbation: saved.numbers.settings.perturbation, variants: saved.variants }
}

const alike = (a: object, b: object, keys: readonly string[]): boolean =>
  keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
