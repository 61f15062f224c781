import { expect, test } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { readBuffer } from '../../src/gpu/readback.ts'
import { createInspector, type Inspector } from '../../src/inspect/inspector.ts'
import { inspect, setUp, update } from './inspect-stage.ts'
import type { Fixture } from './view-fixture.ts'

async function visibleEdges(scene: Fixture, inspector: Inspector): Promise<[number, number][]> {
  const draw = new Uint32Array(await readBuffer(scene.device, inspector.edges.indirect))
  expect([...draw.subarray(1)]).toEqual([1, 0, 0])
  const words = new Uint32Array(await readBuffer(scene.device, inspector.edges.visible))
  return Array.from({ length: draw[0]! / 6 }, (_, i) => [words[2 * i]!, words[2 * i + 1]!])
}

const bitsOf = (x: number) => new Uint32Array(new Float32Array([x]).buffer)[0]!
const magnitude = (x: number) => bitsOf(x) & 0x7fffffff

/** What the view shows, written as its rule: the strongest edges by 21 leading bits, then by a spread of the index, sorted weakest first. */
function reference(scene: Fixture, edgesPerLayer: number, low = 0.05, high = 0.995) {
  const visible: [number, number][] = []
  const ranges = scene.observation.blocks.map((block, b) => {
    const [rows, columns] = block.gradient.shape as [number, number]
    const edges = Array.from({ length: rows * columns }, (_, edge) => {
      const value = scene.gradients[scene.at(b, Math.floor(edge / columns), edge % columns)]!
      return { edge, value, rank: (magnitude(value) >>> 10) * 2048 + (Math.imul(edge, 2654435769) >>> 21) }
    })
    let shown = edges
    if (edges.length > edgesPerLayer) {
      const cut = edges.map((e) => e.rank).toSorted((x, y) => y - x)[edgesPerLayer]!
      shown = edges.filter((e) => e.rank > cut)
    }
    shown = shown.toSorted((x, y) => magnitude(x.value) - magnitude(y.value) || x.edge - y.edge)
    for (const { edge } of shown) visible.push([b, edge])
    const measured = shown.map((e) => Math.abs(e.value)).filter((x) => x > 0 && Number.isFinite(x))
    let lo = Math.log2(measured[Math.floor((measured.length - 1) * low)]!)
    let hi = Math.log2(measured[Math.ceil((measured.length - 1) * high)]!)
    const widen = Math.max(0, 0.5 - (hi - lo) / 2)
    lo -= widen
    hi += widen
    return measured.length ? { lo: 2 ** lo, hi: 2 ** hi } : { lo: 0, hi: 0 }
  })
  return { visible, ranges }
}

async function expectReference(scene: Fixture, inspector: Inspector, edgesPerLayer: number) {
  const expected = reference(scene, edgesPerLayer)
  update(scene, inspector)
  expect(await visibleEdges(scene, inspector)).toEqual(expected.visible)
  const ranges = await inspector.ranges()
  expected.ranges.forEach(({ lo, hi }, i) => {
    expect(Math.abs(ranges[i]!.lo - lo)).toBeLessThanOrEqual(1e-5 * lo)
    expect(Math.abs(ranges[i]!.hi - hi)).toBeLessThanOrEqual(1e-5 * hi)
  })
  expect(scene.errors).toEqual([])
  return expected
}

test('a small network shows every edge, weakest first, in either layout of the weights', async () => {
  for (const transposed of [false, true]) {
    const scene = await setUp([5, 7, 3], { transposed })
    const { visible } = await expectReference(scene, inspect(scene), 2000)
    expect(visible.length).toBe(5 * 7 + 7 * 3)
  }
})

test('edges have the quantity that is asked for: of weights the strongest weights', async () => {
  const scene = await setUp([40, 30, 4])
  const inspector = inspect(scene, { quantity: 'weight', edgesPerLayer: 100 })
  update(scene, inspector)
  const ofWeights = { ...scene, gradients: scene.weights }
  const { visible } = reference(ofWeights, 100)
  expect(await visibleEdges(scene, inspector)).toEqual(visible)
  expect(visible).not.toEqual(reference(scene, 100).visible)
})

test('large blocks show their strongest edges, exactly and every time the same', async () => {
  const scene = await setUp([70, 60, 50, 3])
  const inspector = inspect(scene, { edgesPerLayer: 700 })
  const { visible } = await expectReference(scene, inspector, 700)
  expect(visible.length).toBe(700 + 700 + 150)
  const first = await readBuffer(scene.device, inspector.edges.visible)
  for (let i = 0; i < 3; i++) update(scene, inspector)
  expect(await readBuffer(scene.device, inspector.edges.visible)).toEqual(first)
})

test('zeros, ties and numbers that are not finite: counted apart, out of the percentiles, selection still full and exact', async () => {
  const special = [NaN, Infinity, -Infinity, 1e-41, 1e-30, 3e38]
  const scene = await setUp([64, 64, 2], {
    gradient: (random) =>
      random() < 0.01 ? special[Math.floor(random() * special.length)]! : random() < 0.8 ? 0 : random() < 0.5 ? 0.25 : -0.25,
  })
  const inspector = inspect(scene, { edgesPerLayer: 1000 })
  const { visible } = await expectReference(scene, inspector, 1000)
  const shown = visible.filter(([b]) => b === 0).map(([, edge]) => scene.gradients[scene.at(0, Math.floor(edge / 64), edge % 64)]!)
  expect(shown.length).toBeGreaterThan(1000 - 4)
  const [range] = await inspector.ranges()
  expect(range!.zeros).toBe(shown.filter((x) => x === 0).length)
  expect(range!.nan).toBe(shown.filter(Number.isNaN).length)
  expect(range!.infinite).toBe(shown.filter((x) => Math.abs(x) === Infinity).length)
  expect(Math.min(range!.nan, range!.infinite)).toBeGreaterThan(0)
  expect(range!.count).toBe(shown.length)
})

test('a layer whose gradients are all zero keeps its edges and has no range; the global range leaves it out', async () => {
  const scene = await setUp([60, 60, 4], { gradient: (random, layer) => (layer === 0 ? 0 : random()) })
  const inspector = inspect(scene, { edgesPerLayer: 500 })
  const { visible } = await expectReference(scene, inspector, 500)
  expect(visible.filter(([b]) => b === 0).length).toBeGreaterThan(490)
  const [dead, live, all] = await inspector.ranges()
  expect([dead!.lo, dead!.hi]).toEqual([0, 0])
  expect([all!.path, all!.lo, all!.hi]).toEqual(['all', live!.lo, live!.hi])
})

test('the picture follows the buffer: an edge written between two updates changes rank', async () => {
  const scene = await setUp([50, 50])
  const inspector = inspect(scene, { edgesPerLayer: 100 })
  await expectReference(scene, inspector, 100)
  scene.writeGradient(scene.at(0, 7, 11), 1e6)
  const { visible } = await expectReference(scene, inspector, 100)
  expect(visible.at(-1)).toEqual([0, 7 * 50 + 11])
})

test('edges that are all NaN, or all infinite, are counted', async () => {
  for (const [value, nan, infinite] of [
    [NaN, 12, 0],
    [-Infinity, 0, 12],
  ] as const) {
    const scene = await setUp([4, 3], { gradient: () => value })
    const inspector = inspect(scene)
    update(scene, inspector)
    expect(await inspector.ranges()).toEqual(
      ['layers.0.weight', 'all'].map((path) => ({ path, lo: 0, hi: 0, zeros: 0, nan, infinite, count: 12 })),
    )
  }
})

test('reading never blocks updating: one read at a time, updates meanwhile leave the staging alone', async () => {
  const scene = await setUp([8, 8, 2])
  const inspector = inspect(scene)
  update(scene, inspector)
  const first = inspector.read()
  expect(inspector.read()).toBe(first)
  for (let i = 0; i < 5; i++) update(scene, inspector)
  const before = (await first)[0]!.gradientNorm
  scene.writeGradient(scene.at(0, 0, 0), 1000)
  update(scene, inspector)
  const after = (await inspector.read())[0]!.gradientNorm
  expect(before).toBeLessThan(10)
  expect(after).toBeGreaterThan(999)
  expect(scene.errors).toEqual([])
})

test('an update makes no buffer, bind group or pipeline', async () => {
  const scene = await setUp([60, 60, 2])
  const inspector = inspect(scene, { edgesPerLayer: 100 })
  update(scene, inspector)
  const calls: string[] = []
  const prototype = Object.getPrototypeOf(scene.device)
  const originals = Object.getOwnPropertyNames(prototype).filter((name) => name.startsWith('create') && name !== 'createCommandEncoder')
  const restore = originals.map((name) => {
    const original = prototype[name]
    prototype[name] = function (this: GPUDevice, ...args: unknown[]) {
      calls.push(name)
      return original.apply(this, args)
    }
    return () => (prototype[name] = original)
  })
  update(scene, inspector)
  await inspector.read()
  await inspector.ranges()
  for (const undo of restore) undo()
  expect(originals).toContain('createBuffer')
  expect(calls).toEqual([])
})

test('what cannot be shown is refused in a sentence', async () => {
  const scene = await setUp([4, 3])
  expect(() => createInspector(scene.device, scene.observation, { edgesPerLayer: 5000 })).toThrow(InputError)
  // No weights are no refusal: norms alone, or all of them folded away.
  expect(() => createInspector(scene.device, { ...scene.observation, blocks: [] }).destroy()).not.toThrow()
  const wrong = { ...scene.observation.blocks[0]!, to: 0 }
  expect(() => createInspector(scene.device, { ...scene.observation, blocks: [wrong] })).toThrow(/layers\.0\.weight has shape \[3, 4\]/)
})
