import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBuffer } from '../../src/gpu/readback.ts'
import type { Engine, Observation, Trainer } from '../../src/index.ts'
import { collapse } from '../../src/view/collapse.ts'
import { batch, mapsNetwork, norm, type MapsNetwork } from './maps-network.ts'

let engine: Engine
let trainer: Trainer
let observation: Observation
let errors: string[]
let inspected: MapsNetwork['inspected']
let numbersOf: MapsNetwork['numbersOf']
beforeAll(async () => {
  ;({ engine, trainer, observation, errors, inspected, numbersOf } = await mapsNetwork())
})
afterAll(() => {
  trainer.destroy()
  engine.destroy()
})

/** Norms of a parameter's gradient over the taps of each filter, from the numbers in PyTorch's order. */
async function filterNorms(path: string) {
  const { shape } = observation.blocks.find((block) => block.path === path)!.gradient
  const taps = shape.slice(2).reduce((product, n) => product * n, 1)
  const gradient = await trainer.gradient(path).read()
  return Array.from({ length: gradient.length / taps }, (_, filter) => norm(gradient.subarray(filter * taps, (filter + 1) * taps)))
}

test('an edge between channels is the norm of its filter’s gradient, only where channels are connected; the strongest are chosen', async () => {
  expect(observation.blocks.map(({ path, groups, gradient }) => [path, groups, gradient.shape])).toEqual([
    ['layers.0.weight', 1, [4, 3, 3, 3]],
    ['layers.2.layers.0.weight', 2, [4, 2, 3, 3]],
    ['layers.3.branches.1.0.weight', 1, [2, 4, 3, 3]],
    ['layers.7.weight', undefined, [3, 54]],
  ])
  const norms = await Promise.all(observation.blocks.map(({ path }) => filterNorms(path)))
  await inspected(observation, async ({ edges, ranges }) => {
    const drawn = new Float32Array(await readBuffer(engine.device, edges.gradients))
    let first = 0
    for (const expected of norms) {
      expected.forEach((value, i) => expect(Math.abs(Math.abs(drawn[first + i]!) - value)).toBeLessThanOrEqual(1e-5 * value))
      first += Math.ceil(expected.length / 4) * 4
    }
    for (const [i, { lo, hi }] of (await ranges()).slice(0, -1).entries()) {
      expect(lo).toBeGreaterThan(0)
      expect(hi / Math.max(...norms[i]!)).toBeGreaterThan(1 - 1e-5)
    }
  })
  await inspected(
    observation,
    async ({ edges }) => {
      const [vertices] = new Uint32Array(await readBuffer(engine.device, edges.indirect))
      const words = new Uint32Array(await readBuffer(engine.device, edges.visible))
      const drawn = Array.from({ length: vertices! / 6 }, (_, i) => [words[2 * i]!, words[2 * i + 1]!] as const)
      norms.forEach((expected, block) => {
        const order = expected.map((_, edge) => edge).sort((a, b) => expected[a]! - expected[b]!)
        expect(drawn.filter(([of]) => of === block).map(([, edge]) => edge)).toEqual(order.slice(-5))
      })
    },
    5,
  )
})

test('statistics describe every filter, in collapsed groups or not', async () => {
  const collapsed = collapse(observation, new Set())
  expect(collapsed.blocks.length).toBe(2)
  await inspected(collapsed, async (inspector) => {
    const statistics = await inspector.read()
    expect(statistics.map(({ path }) => path).filter((path) => path.endsWith('weight'))).toEqual(observation.blocks.map(({ path }) => path))
    for (const { path, gradientNorm } of statistics) expect(gradientNorm / norm(await trainer.gradient(path).read())).toBeCloseTo(1, 5)
  })
})

test('what arrives through bypass and layers is the gradient of the block’s input, the bypass’s own that of its output', async () => {
  await inspected(observation, async (inspector) => {
    const norms = await inspector.pathNorms()
    expect(inspector.paths.rows).toBe(batch)
    expect(norms.map(({ container, branch }) => [container, branch])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
    for (const { container, branch, norm: drawn } of norms) {
      const arrival = observation.containers[container]!.branches[branch]!.arrival!
      expect(drawn / norm(await numbersOf(arrival))).toBeCloseTo(1, 5)
    }
    for (const { from, branches } of observation.containers) {
      const [a, b] = await Promise.all(branches.map(({ arrival }) => numbersOf(arrival!)))
      const whole = await numbersOf(observation.columns[from]!.gradient!)
      whole.forEach((value, i) => expect(Math.abs(a![i]! + b![i]! - value)).toBeLessThan(1e-6))
    }
    const { branches, to } = observation.containers[0]!
    expect(branches.map(({ isBypass }) => isBypass)).toEqual([false, true])
    expect(await numbersOf(branches[1]!.arrival!)).toEqual(await numbersOf(observation.columns[to]!.gradient!))
  })
})

test('the device reported nothing all the while', () => expect(errors).toEqual([]))
