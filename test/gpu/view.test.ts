import { expect, test, vi } from 'vitest'
import { readBuffer } from '../../src/gpu/readback.ts'
import { createInspector } from '../../src/inspect/inspector.ts'
import { colourOf, mapColour, nonFiniteColour, zeroColour, type Rgb } from '../../src/view/colour.ts'
import { createView, type PickListener, type Picked, type View } from '../../src/view/view.ts'
import { fixture, type Fixture } from './view-fixture.ts'
import { colourAt, expectColour, made, ratio, stage } from './view-stage.ts'

/** Places of the pixels that differ, in CSS pixels. */
function changes(before: ImageData, after: ImageData) {
  const places: { x: number; y: number }[] = []
  for (let i = 0; i < before.data.length; i += 4)
    if ([0, 1, 2].some((channel) => Math.abs(before.data[i + channel]! - after.data[i + channel]!) > 2)) {
      const pixel = i / 4
      places.push({ x: (pixel % before.width) / ratio, y: Math.floor(pixel / before.width) / ratio })
    }
  return places
}

const same = (a: ImageData, b: ImageData) => a.data.every((value, i) => value === b.data[i])

function edge({ observation }: Fixture, block: number, row: number, column: number): Picked & { kind: 'edge' } {
  const { path, from, to } = observation.blocks[block]!
  return { kind: 'edge', block, path, row, column, from, to }
}

function distanceToEdge(view: View, picked: Picked, { x, y }: { x: number; y: number }) {
  const [a, b] = [view.locate(picked, 0), view.locate(picked, 1)]
  const share = Math.min(1, Math.max(0, ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / ((b.x - a.x) ** 2 + (b.y - a.y) ** 2)))
  return Math.hypot(x - a.x - share * (b.x - a.x), y - a.y - share * (b.y - a.y))
}

const fan = { gradient: (random: () => number) => 10 ** (-3 * random()) }

test('every edge has the colour that its gradient has on the legend, in both maps and on both scales', async () => {
  const scene = await stage([1, 6, 1], {}, fan)
  for (const map of ['inferno', 'cividis'] as const)
    for (const scale of ['layer', 'global'] as const) {
      scene.view.set({ map, scale })
      const image = scene.picture()
      const legend = await scene.view.legend()
      expect(legend.map(({ path }) => path)).toEqual(scale === 'layer' ? ['layers.0.weight', 'layers.2.weight'] : ['all'])
      for (const block of [0, 1])
        for (let k = 0; k < 6; k++) {
          const picked = block === 0 ? edge(scene, 0, k, 0) : edge(scene, 1, 0, k)
          const { lo, hi } = legend[scale === 'layer' ? block : 0]!
          expectColour(
            colourAt(image, scene.view.locate(picked)),
            colourOf(scene.gradients[scene.at(block, picked.row, picked.column)]!, lo, hi, map),
          )
        }
    }
  expect(scene.errors).toEqual([])
})

test('the legend is the range of the gradients', async () => {
  const scene = await stage([1, 6, 1], {}, fan)
  scene.picture()
  const legend = await scene.view.legend()
  legend.forEach(({ lo, hi }, block) => {
    const { offset, size } = scene.observation.blocks[block]!.gradient
    const sorted = [...scene.gradients.subarray(offset / 4, (offset + size) / 4)].sort((a, b) => a - b)
    expect(lo / sorted[0]!).toBeCloseTo(1, 4)
    expect(hi / sorted[5]!).toBeCloseTo(1, 4)
  })
})

test('overwriting one gradient in the GPU buffer changes that edge alone, to the predicted colour', async () => {
  const scene = await stage([1, 6, 1], {}, fan)
  // Neither the weakest nor the strongest, which are the ends of the range.
  const values = [...Array(6).keys()]
    .map((row) => ({ row, value: scene.gradients[scene.at(0, row, 0)]! }))
    .sort((a, b) => a.value - b.value)
  const { row } = values[2]!
  const picked = edge(scene, 0, row, 0)
  const place = scene.view.locate(picked)
  const { lo, hi } = (await (scene.picture(), scene.view.legend()))[0]!
  const cases: [number, Rgb][] = [
    [Math.sqrt(lo * hi), colourOf(Math.sqrt(lo * hi), lo, hi, 'inferno')],
    [-lo * (hi / lo) ** 0.8, colourOf(lo * (hi / lo) ** 0.8, lo, hi, 'inferno')],
    [0, zeroColour],
    [-0, zeroColour],
    [NaN, nonFiniteColour],
    [Infinity, nonFiniteColour],
    [-Infinity, nonFiniteColour],
  ]
  for (const [value, expected] of cases) {
    const before = scene.picture()
    scene.writeGradient(scene.at(0, row, 0), value)
    const after = scene.picture()
    expectColour(colourAt(after, place), expected)
    const changed = changes(before, after)
    expect(Math.max(0, ...changed.map((at) => distanceToEdge(scene.view, picked, at)))).toBeLessThan(10)
    if (!Object.is(value, -0) && value !== -Infinity && value !== Infinity) expect(changed.length).toBeGreaterThan(50)
  }
  expect(scene.errors).toEqual([])
})

test('picking finds every neuron and every edge, and nothing beside them; their values are read from the buffers', async () => {
  const scene = await stage([1, 6, 1], { sample: 1 })
  scene.picture()
  for (const [column, { width: count, path }] of scene.observation.columns.entries())
    for (let index = 0; index < count; index++) {
      const picked: Picked = { kind: 'neuron', column, path, index }
      const { x, y } = scene.view.locate(picked)
      expect(await scene.view.pick(x, y)).toEqual(picked)
    }
  for (const picked of [...Array(6).keys()].flatMap((k) => [edge(scene, 0, k, 0), edge(scene, 1, 0, k)])) {
    const { x, y } = scene.view.locate(picked, 0.4)
    expect(await scene.view.pick(x, y)).toEqual(picked)
    const at = scene.at(picked.block, picked.row, picked.column)
    expect(await scene.view.readValues(picked)).toEqual({ kind: 'edge', weight: scene.weights[at], gradient: scene.gradients[at] })
  }
  expect(await scene.view.pick(4, 4)).toBeNull()
  const { activation, gradient, bias, biasGradient } = scene.observation.columns[1]!
  const element = async (buffer: GPUBuffer, offset: number) => new Float32Array(await readBuffer(scene.device, buffer, offset, 4))[0]!
  expect(await scene.view.readValues({ kind: 'neuron', column: 1, path: 'layers.0', index: 4 })).toEqual({
    kind: 'neuron',
    activation: await element(activation.buffer, 4 * (6 + 4)),
    gradient: await element(gradient!.buffer, 4 * (6 + 4)),
    bias: await element(bias!.buffer, bias!.offset + 16),
    biasGradient: await element(biasGradient!.buffer, biasGradient!.offset + 16),
  })
  expect(scene.errors).toEqual([])
})

test('pointing tells what lies there and emphasises it; clicking selects, dragging does not', async () => {
  const scene = await stage([1, 6, 1])
  const plain = scene.picture()
  const [hovered, selected] = [vi.fn<PickListener>(), vi.fn<PickListener>()]
  scene.view.onHover(hovered)
  scene.view.onSelect(selected)
  const neuron: Picked = { kind: 'neuron', column: 1, path: 'layers.0', index: 2 }
  const { x, y } = scene.view.locate(neuron)
  const point = (type: string, clientX: number, clientY: number) =>
    scene.canvas.dispatchEvent(
      new PointerEvent(type, { clientX, clientY, bubbles: true, pointerId: 1, button: type === 'pointermove' ? -1 : 0 }),
    )
  // OrbitControls captures pointers, which made-up ones cannot be.
  scene.canvas.setPointerCapture = scene.canvas.releasePointerCapture = () => {}
  point('pointermove', x, y)
  await vi.waitFor(() => expect(hovered).toHaveBeenLastCalledWith(neuron))
  const inspector = createInspector(scene.device, scene.observation)
  made.unshift(() => inspector.destroy())
  scene.view.show(scene.observation, inspector)
  expect(hovered).toHaveBeenLastCalledWith(null)
  point('pointermove', x, y)
  await vi.waitFor(() => expect(hovered).toHaveBeenLastCalledWith(neuron))
  expect(changes(plain, scene.picture()).length).toBeGreaterThan(100)
  point('pointerdown', x, y)
  point('pointerup', x, y)
  await vi.waitFor(() => expect(selected).toHaveBeenLastCalledWith(neuron))
  point('pointerleave', 0, 0)
  expect(hovered).toHaveBeenLastCalledWith(null)
  expect(changes(plain, scene.picture()).length).toBe(0)
  point('pointerdown', x, y)
  point('pointerup', x + 40, y)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(selected).toHaveBeenCalledTimes(1)
})

test('the picture repeats itself to the bit; a slowly played step changes it and leaves no trace', async () => {
  const scene = await stage([2, 4, 2])
  const first = scene.picture()
  expect(same(scene.picture(), first)).toBe(true)
  for (const flow of [0.1, 0.3, 0.6, 0.9]) {
    scene.view.set({ flow })
    expect(changes(first, scene.picture()).length).toBeGreaterThan(500)
  }
  scene.view.set({ flow: null })
  expect(same(scene.picture(), first)).toBe(true)
  scene.view.set({ flowing: true })
  expect(changes(first, scene.picture()).length).toBeGreaterThan(20)
})

test('the network fills the free part of any window, above it stand the names of its columns', async () => {
  const scene = await stage([2, 30, 3])
  const extent = () => {
    const places = scene.observation.columns.flatMap(({ width: count, path }, column) =>
      Array.from({ length: count }, (_, index) => scene.view.locate({ kind: 'neuron', column, path, index })),
    )
    const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)]
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
  }
  for (const [w, h, insets] of [
    [300, 200, { left: 0, right: 0, top: 0, bottom: 0 }],
    [400, 200, { left: 120, right: 60, top: 10, bottom: 20 }],
    [120, 260, { left: 0, right: 0, top: 20, bottom: 40 }],
  ] as const) {
    scene.view.resize(w, h, 1)
    scene.view.set({ insets })
    scene.view.render()
    const { left, right, top, bottom } = extent()
    const free = { width: w - insets.left - insets.right, height: h - insets.top - insets.bottom }
    expect(left).toBeGreaterThan(insets.left)
    expect(right).toBeLessThan(w - insets.right)
    expect(top).toBeGreaterThan(insets.top)
    expect(bottom).toBeLessThan(h - insets.bottom)
    expect(Math.max((right - left) / free.width, (bottom - top) / free.height)).toBeGreaterThan(0.7)
  }
  const labels = document.querySelector('.view-labels')!
  scene.view.resize(400, 220, 1)
  scene.view.set({ insets: { left: 0, right: 0, top: 0, bottom: 0 } })
  scene.view.render()
  expect([...labels.querySelectorAll('.view-name')].map((label) => label.textContent)).toEqual(['input 2', 'dense 30tanh', 'dense 3tanh'])
  // Without a frame they have no place, and are not seen.
  scene.view.show(scene.observation, createInspector(scene.device, scene.observation))
  expect(labels.children.length).toBe(0)
})

test('bypasses are drawn; another network can be shown in the same view', async () => {
  const scene = await stage([4, 4, 4], {}, { links: [{ from: 0, to: 2, fromFirst: 0, toFirst: 0, count: 4 }] })
  const withLinks = scene.picture()
  const other = { ...scene.observation, links: [] }
  const inspector = createInspector(scene.device, other)
  made.unshift(() => inspector.destroy())
  scene.view.show(other, inspector)
  expect(changes(withLinks, scene.picture()).length).toBeGreaterThan(50)
  expect(scene.errors).toEqual([])
})

test('disposing leaves the engine’s device and buffers alone, and nothing on the page', async () => {
  const scene = await stage([3, 4, 2])
  scene.picture()
  scene.view.dispose()
  scene.view.dispose()
  scene.view.render()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const { gradient } = scene.observation.blocks[0]!
  const read = new Float32Array(await readBuffer(scene.device, gradient.buffer, gradient.offset, gradient.size))
  expect(read).toEqual(scene.gradients.slice(gradient.offset / 4, (gradient.offset + gradient.size) / 4))
  for (const { activation } of scene.observation.columns) await readBuffer(scene.device, activation.buffer)
  expect(scene.errors).toEqual([])
  expect(document.querySelectorAll('.view-labels').length).toBe(0)
})

test('an OffscreenCanvas is drawn on too', async () => {
  const scene = await fixture([2, 3, 1])
  const view = await createView(new OffscreenCanvas(64, 48), scene.device)
  const inspector = createInspector(scene.device, scene.observation)
  made.push(
    () => scene.destroy(),
    () => inspector.destroy(),
    () => view.dispose(),
  )
  view.show(scene.observation, inspector)
  view.render()
  const neuron: Picked = { kind: 'neuron', column: 2, path: 'layers.2', index: 0 }
  const { x, y } = view.locate(neuron)
  expect(await view.pick(x, y)).toEqual(neuron)
  expect(scene.errors).toEqual([])
})

test('the maps are matplotlib’s', () => {
  // matplotlib.colormaps['inferno'](1.0), ['cividis'](1.0), and inferno at 0.5725 of its length
  expect(mapColour(1, 'inferno')).toEqual([252, 255, 164])
  expect(mapColour(1, 'cividis')).toEqual([254, 232, 56])
  expect(mapColour((128.5 / 256 - 0.15) / 0.85, 'inferno')).toEqual([188, 55, 84])
})
