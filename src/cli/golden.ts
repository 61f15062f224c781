import { InputError } from '../errors.ts'
import type { StoredTensor } from '../model/safetensors.ts'
import type { Tensors } from './compare.ts'

export const kinds = ['output', 'grad', 'loss', 'final', 'evaluation'] as const
export type Kind = (typeof kinds)[number]

/** A training run that somebody else computed: what goes in, and what must come out by kind. */
export interface Golden {
  samples: number
  batchSize: number
  steps: number
  input: number[]
  tolerance: Record<Kind, number>
  x: StoredTensor
  y: StoredTensor
  /** The network's output for the first batch, `[batchSize, ...]`. */
  output: StoredTensor
  /** First parameters, by path. */
  initial: Record<string, Float32Array>
  expected: Record<Kind, Tensors>
}

/** The part of a recorded run that is not the model: its numbers, sorted by kind. */
export function readGolden(name: string, json: Record<string, unknown>, tensors: Record<string, StoredTensor>): Golden {
  if (json['format'] !== 'gradscope-golden/1')
    throw new InputError(`${name}.json: format is ${JSON.stringify(json['format'])}, expected "gradscope-golden/1"`)
  const count = (key: string) => {
    const value = json[key]
    if (!Number.isSafeInteger(value) || (value as number) < 1)
      throw new InputError(`${name}.json: ${key} is ${JSON.stringify(value)}, expected a whole number of at least 1`)
    return value as number
  }
  const tensor = (key: string) => {
    const found = tensors[key]
    if (!found) throw new InputError(`${name}.safetensors: tensor ${key} is missing`)
    return found
  }
  const tolerance = (json['tolerance'] ?? {}) as Record<Kind, number>
  for (const kind of kinds)
    if (!(tolerance[kind] > 0)) throw new InputError(`${name}.json: tolerance.${kind} is ${tolerance[kind]}, expected a number above 0`)
  const within = (prefix: string) =>
    Object.entries(tensors)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, found]) => [key.slice(prefix.length), found.data] as const)
  const single = (key: Kind) => new Map([[key as string, tensor(key).data]])
  return {
    samples: count('samples'),
    batchSize: count('batchSize'),
    steps: count('steps'),
    input: json['input'] as number[],
    tolerance,
    x: tensor('data.x'),
    y: tensor('data.y'),
    output: tensor('output'),
    initial: Object.fromEntries(within('init.').map(([path, values]) => [path, Float32Array.from(values)])),
    expected: {
      output: single('output'),
      grad: new Map(within('grad.')),
      loss: single('loss'),
      final: new Map(within('final.')),
      evaluation: single('evaluation'),
    },
  }
}
