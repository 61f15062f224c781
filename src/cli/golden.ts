import { within, wrongAt } from '../errors.ts'
import { oneOf, positive, positiveInteger, type Check } from '../model/schema.ts'
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
  const check = (test: Check, value: unknown, path: string) => within(`${name}.json`, () => test(value, path))
  check(oneOf(['gradscope-golden/1']), json['format'], 'format')
  const count = (key: string) => {
    check(positiveInteger, json[key], key)
    return json[key] as number
  }
  const tensor = (key: string) => {
    const found = tensors[key]
    if (!found) throw wrongAt(key, 'command.noTensor').of(`${name}.safetensors`)
    return found
  }
  const tolerance = (json['tolerance'] ?? {}) as Record<Kind, number>
  for (const kind of kinds) check(positive, tolerance[kind], `tolerance.${kind}`)
  const tensorsOf = (prefix: string) =>
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
    initial: Object.fromEntries(tensorsOf('init.').map(([path, values]) => [path, Float32Array.from(values)])),
    expected: {
      output: single('output'),
      grad: new Map(tensorsOf('grad.')),
      loss: single('loss'),
      final: new Map(tensorsOf('final.')),
      evaluation: single('evaluation'),
    },
  }
}
