/** A run in a file, `gradscope-state/1`: all that it takes to go on to the same bits. */
import type { Dataset } from '../data/types.ts'
import { InputError } from '../errors.ts'
import { readBuffer } from '../gpu/readback.ts'
import { readSafetensors, writeSafetensors, type StoredTensor } from '../model/safetensors.ts'
import type { ModelFile, Network } from '../model/types.ts'
import { parseModel } from '../model/validate.ts'
import type { Prepared } from './prepare.ts'
import { tensorsOf, type RunNumbers, type TakenSnapshot } from './run-snapshot.ts'
import type { RunSettings } from '../model/validate.ts'
import type { Kept, PlanName, Precision, TrainerOptions } from './types.ts'

export const stateFormat = 'gradscope-state/1'

/** How the steps of a run are computed, which its bits depend on. */
export interface RunMethod {
  shuffle: boolean
  plan: Exclude<PlanName, 'auto'>
  precision: Precision
  activations: Kept
}

/** The data that a run trains on, as far as a step depends on their shape. */
interface DataFacts {
  name: string
  inputShape: number[]
  outputs: number
  samples: number
  testSamples: number
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

const factsOf = ({ name, inputShape, outputs, train, test }: Dataset): DataFacts => ({
  name,
  inputShape,
  outputs,
  samples: train.count,
  testSamples: test?.count ?? 0,
})

/** The model with the settings as they are now. */
function modelNow(model: ModelFile, { optimizer, schedule, warmup, clipNorm }: RunSettings, seed: number): ModelFile {
  const { schedule: _, warmup: __, clipNorm: ___, ...rest } = model
  return { ...rest, optimizer, ...(schedule && { schedule }), ...(warmup && { warmup }), ...(clipNorm !== null && { clipNorm }), seed }
}

/** The file of a run as it was when the snapshot was taken. The same run gives the same bytes. */
export async function stateFileOf(prepared: Prepared, snapshot: TakenSnapshot): Promise<Uint8Array<ArrayBuffer>> {
  const { gpu, model, dataset, programs, method } = prepared
  const { device } = gpu
  const [numbers, ...parts] = await Promise.all([
    snapshot.numbers(),
    ...snapshot.of(prepared).map(async (part) => tensorsOf(part, await readBuffer(device, part.slice.buffer))),
  ])
  const { step, seed, settings, ...run } = numbers
  return writeSafetensors(Object.assign({}, ...parts), {
    format: stateFormat,
    model: JSON.stringify(modelNow(model, settings, seed)),
    settings: JSON.stringify({ ...settings, ...method }),
    step: String(step),
    seed: String(seed),
    adapter: gpu.adapter.description,
    variants: JSON.stringify(programs.training.variants),
    data: JSON.stringify(factsOf(dataset)),
    run: JSON.stringify(run, spelled),
  })
}

/** What a state file says. Throws an InputError where it is none, or is damaged. */
export function readRunState(bytes: Uint8Array, file = 'state'): SavedRun {
  const { tensors, metadata } = readSafetensors(bytes, file)
  if (metadata['format'] !== stateFormat)
    throw new InputError(`${file}: its format is ${JSON.stringify(metadata['format'] ?? null)}, expected ${stateFormat}, a saved run`)
  const part = (key: string): unknown => {
    try {
      return JSON.parse(metadata[key] ?? '', unspelled)
    } catch {
      throw new InputError(`${file}: its ${key} is ${metadata[key] === undefined ? 'missing' : 'no JSON'}, expected that of a saved run`)
    }
  }
  const model = parseModel(part('model'), file)
  const { shuffle, plan, precision, activations, ...settings } = part('settings') as RunSettings & RunMethod
  const [step, seed] = [part('step'), part('seed')]
  if (!(Number.isSafeInteger(step) && (step as number) >= 0))
    throw new InputError(`${file}: its step is ${JSON.stringify(step)}, expected a whole number of at least 0`)
  return {
    model,
    method: { shuffle, plan, precision, activations },
    data: part('data') as DataFacts,
    adapter: metadata['adapter'] ?? '',
    variants: part('variants') as Record<string, string>,
    numbers: { ...(part('run') as Omit<RunNumbers, 'step' | 'seed' | 'settings'>), step: step as number, seed: seed as number, settings },
    tensors,
  }
}

/** The options that a run goes on with. Throws an InputError where network, data or an option that was given do not continue it. */
export function continued(saved: SavedRun, network: Network, dataset: Dataset, given: Partial<TrainerOptions>): TrainerOptions {
  const { format: _, input, layers, ...training } = saved.model
  if (!alike({ input, layers }, parseModel({ ...saved.model, input: network.input, layers: network.layers }, 'model'), ['input', 'layers']))
    throw new InputError('state: it is of another network than the model that is given, expected the same input and layers')
  const facts = factsOf(dataset)
  for (const key of ['inputShape', 'outputs', 'samples'] as const)
    if (!same(facts[key], saved.data[key]))
      throw new InputError(
        `state: it was trained on data of ${key} ${JSON.stringify(saved.data[key])}, and ${dataset.name} has ${JSON.stringify(facts[key])}`,
      )
  const fixed: Record<string, unknown> = { ...training, ...saved.method, accumulate: training.accumulate ?? 1 }
  for (const key of ['loss', 'batchSize', 'accumulate', 'augmentation', 'seed', 'shuffle', 'precision', 'activations'] as const)
    if (given[key] !== undefined && !same(given[key], fixed[key]))
      throw new InputError(
        `state: it was saved with ${key} ${JSON.stringify(fixed[key])}, which ${JSON.stringify(given[key])} does not continue`,
      )
  if (given.parameters) throw new InputError('state: it has parameters of its own, expected no others beside it')
  const { optimizer: _o, schedule: _s, warmup: _w, clipNorm: _c, perturbation: _p, ...rest } = given
  return { ...rest, ...training, ...saved.method, perturbation: saved.numbers.settings.perturbation, variants: saved.variants }
}

/** Whether two values are the same in JSON, whatever the order of their keys. */
export const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b)
const alike = (a: object, b: object, keys: readonly string[]): boolean =>
  keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))

/** JSON with sorted keys. */
const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
