import { afterAll, beforeAll, expect, test } from 'vitest'
import { depthComparison, depthVariants } from '../../src/data/depth-comparison.ts'
import { createEngine, DepthReader, flowOf, inTurns, type Engine, type Trainer } from '../../src/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const { dataset, training } = depthComparison(1)
const trainersOf = async (names: readonly string[]): Promise<Trainer[]> => {
  const trainers: Trainer[] = []
  for (const { name, layers } of depthVariants())
    if (names.includes(name))
      trainers.push(await engine.trainer({ input: [2], layers }, dataset, { ...training, seed: 1, tuningTime: 200 }))
  return trainers
}

test(
  'a deep plain network of sigmoids does not train, its residual twin does: the gradient of the one vanishes, that of the other arrives',
  { timeout: 240_000 },
  async () => {
    const trainers = await trainersOf(['plain', 'residual'])
    const reader = new DepthReader(
      engine.device,
      trainers.map((trainer) => trainer.observation()),
    )
    const shares: number[][] = [[], []]
    for await (const round of inTurns(trainers, { steps: 500 })) {
      expect(new Set(round.map(({ step }) => step)).size).toBe(1)
      if (round[0]!.step > 200) continue
      const norms = await reader.read()
      expect(norms.map((list) => list.length)).toEqual([20, 20])
      norms.forEach((list, i) => shares[i]!.push(flowOf(list)!.share))
    }
    // The batches differ: the middle of several.
    const [plainShare, residualShare] = shares.map((list) => list.toSorted((a, b) => a - b)[list.length >> 1]!) as [number, number]
    expect(plainShare).toBeLessThan(1e-8)
    expect(plainShare).toBeGreaterThan(0)
    expect(residualShare).toBeGreaterThan(1e-2)
    expect(residualShare).toBeLessThan(1e2)
    const [plain, residual] = await Promise.all(trainers.map((trainer) => trainer.evaluate('train')))
    // Guessing costs log 2; the classes are equally many.
    expect(plain!.loss).toBeGreaterThan(0.69)
    expect(plain!.accuracy).toBeLessThan(0.6)
    expect(residual!.loss).toBeLessThan(0.1)
    expect(residual!.accuracy).toBeGreaterThan(0.97)
    reader.destroy()
    for (const trainer of trainers) trainer.destroy()
  },
)

test('trainers in turns compute what each computes alone, and stop together where the loop is left', { timeout: 120_000 }, async () => {
  const [first, second] = (await trainersOf(['plain', 'ReLU'])) as [Trainer, Trainer]
  const losses: number[] = []
  for await (const [, progress] of inTurns([first, second], { steps: 7 })) losses.push(...progress!.losses)
  expect([first.step, second.step, losses.length]).toEqual([7, 7, 7])
  await second.reset()
  for await (const _ of second.run({ steps: 7 }));
  expect(second.history.loss).toEqual(losses)
  await first.reset()
  await second.reset()
  for await (const [progress] of inTurns([first, second])) if (progress!.step > 3) break
  expect(first.step).toBe(second.step)
  expect(first.step).toBeGreaterThan(3)
  await expect(inTurns([], {}).next()).rejects.toThrow('no trainer is given')
  await expect(inTurns([first], { steps: 0 }).next()).rejects.toThrow('steps is 0')
  first.destroy()
  second.destroy()
})
