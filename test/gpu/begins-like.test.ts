import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, type Engine, type Trainer } from '../../src/index.ts'
import { batchNorm, type Layer } from '../../src/index.ts'
import { base as options, deep, noise } from './run-state-cases.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const weightsOf = async (trainer: Trainer) =>
  Object.fromEntries(
    await Promise.all(trainer.parameterPaths.map(async (path) => [path, [...(await trainer.parameter(path).read())]] as const)),
  )

test('a network with norms put in begins with the weights of the one without, after reset and in a resumed run too', async () => {
  const plain = await engine.trainer(deep, noise, options)
  const first = await weightsOf(plain)
  const at = deep.layers.findIndex(({ type }) => type === 'dense')
  const layers: Layer[] = [...deep.layers.slice(0, at + 1), batchNorm(), ...deep.layers.slice(at + 1)]
  const normed = { ...deep, layers }
  const shifted = (path: string) => path.replace(/layers\.(\d+)/, (_, i: string) => `layers.${Number(i) > at ? Number(i) + 1 : i}`)
  const expectAlike = async (trainer: Trainer) => {
    const own = await weightsOf(trainer)
    for (const path of plain.parameterPaths) expect(own[shifted(path)], path).toEqual(first[path])
  }
  const alone = await engine.trainer(normed, noise, options)
  const last = plain.parameterPaths.findLast((path) => path.endsWith('weight'))!
  expect((await weightsOf(alone))[shifted(last)]).not.toEqual(first[last])
  const like = await engine.trainer(normed, noise, { ...options, beginsLike: deep })
  await expectAlike(like)
  for await (const _ of like.run({ steps: 2 }));
  const state = await like.save()
  await like.reset()
  await expectAlike(like)
  const resumed = await engine.trainer(normed, noise, { state })
  expect(resumed.step).toBe(2)
  await resumed.reset()
  await expectAlike(resumed)
  await expect(engine.trainer(normed, noise, { state, beginsLike: normed })).rejects.toThrow('beginsLike')
  for (const trainer of [plain, alone, like, resumed]) trainer.destroy()
})
