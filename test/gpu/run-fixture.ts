import {
  dense,
  sequential,
  tanh,
  type Dataset,
  type Engine,
  type Progress,
  type RunOptions,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts'

/** y = sin of the sum of x, samples of 3 numbers; the last batch of 16 is short. */
export function sines(count = 50): Dataset {
  const x = Float32Array.from({ length: count * 3 }, (_, i) => Math.sin(i * 12.9898) * 0.9)
  const y = Float32Array.from({ length: count }, (_, i) => Math.sin(x[3 * i]! + x[3 * i + 1]! + x[3 * i + 2]!))
  return { name: 'sines', inputShape: [3], outputs: 1, train: { count, x, y }, test: { count: 20, x: x.slice(0, 60), y: y.slice(0, 20) } }
}

export const network = sequential([3], [dense(8), tanh(), dense(1)])

export const trainerOf = (engine: Engine, options: TrainerOptions, dataset = sines(), of = network): Promise<Trainer> =>
  engine.trainer(of, dataset, options)

export async function run(trainer: Trainer, options: RunOptions = {}): Promise<Progress[]> {
  const all: Progress[] = []
  for await (const progress of trainer.run(options)) all.push(progress)
  return all
}

/** A stand-in for randomness that repeats. */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

/** All that a run has come to, to the bit. */
export async function bitsOf(trainer: Trainer): Promise<Record<string, string>> {
  const entries = await Promise.all(
    trainer.parameterPaths.map(async (path) => {
      const { buffer } = await trainer.parameter(path).read()
      return [path, [...new Uint32Array(buffer)].join(' ')] as const
    }),
  )
  return Object.fromEntries([...entries, ['step', String(trainer.step)]])
}
