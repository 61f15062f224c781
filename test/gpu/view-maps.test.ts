import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TensorView } from '../../src/graph/observation.ts'
import type { Engine, Observation, Trainer } from '../../src/index.ts'
import { createInspector } from '../../src/inspect/inspector.ts'
import { colourOf, neuronColourOf, neuronGradientColourOf } from '../../src/view/colour.ts'
import { collapse } from '../../src/view/collapse.ts'
import { createView, type Picked, type View } from '../../src/view/view.ts'
import { batch, mapsNetwork, norm, size, type MapsNetwork } from './maps-network.ts'
import { changedAt, colourAt, expectColour, height, ratio, width } from './view-stage.ts'

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

async function shown(observed: Observation, look: (view: View, picture: () => ImageData) => Promise<void>) {
  const canvas = document.body.appendChild(document.createElement('canvas'))
  canvas.style.cssText = `position:absolute;left:0;top:0;width:${width}px;height:${height}px`
  const view = await createView(canvas, engine.device)
  view.resize(width, height, ratio)
  const inspector = createInspector(engine.device, observed)
  view.show(observed, inspector)
  const copy = new OffscreenCanvas(width * ratio, height * ratio).getContext('2d', { willReadFrequently: true })!
  try {
    await look(view, () => {
      view.render()
      copy.drawImage(canvas, 0, 0)
      return copy.getImageData(0, 0, width * ratio, height * ratio)
    })
  } finally {
    view.dispose()
    inspector.destroy()
    canvas.remove()
  }
}

/** A network of one convolution that stands open, so that no edge crosses a map. */
const pixelOf = (column: number, channel: number, y: number, x: number): Picked & { kind: 'neuron' } => {
  const { path, shape } = observation.columns[column]!
  return { kind: 'neuron', column, path, index: (y * shape[2]! + x) * shape[0]! + channel }
}

test('every pixel of a feature map has the colour of the chosen sample’s value, activation or gradient', async () => {
  const withoutEdges = {
    ...observation,
    blocks: [observation.blocks.at(-1)!],
    containers: [],
    links: [],
    columns: [...observation.columns],
  }
  // Each after the one before, with no edge over the maps.
  withoutEdges.columns = withoutEdges.columns.map((column, i) => (i === 0 ? column : { ...column, after: i - 1 }))
  await shown(withoutEdges, async (view, picture) => {
    const sample = 2
    view.set({ sample })
    const column = 1
    const { activation, gradient, shape } = observation.columns[column]!
    expect(shape).toEqual([4, size, size])
    for (const kind of ['activation', 'gradient'] as const) {
      view.set({ neurons: kind })
      const image = picture()
      const { lo, hi } = (await view.neuronLegend())[column]!
      const all = await numbersOf(kind === 'activation' ? activation : gradient!)
      const row = all.subarray(sample * 4 * size * size, (sample + 1) * 4 * size * size)
      expect(hi).toBe(Math.max(...row.map(Math.abs)))
      for (const [channel, y, x] of [
        [0, 1, 1],
        [1, 3, 4],
        [3, 4, 2],
        [2, 5, 0],
      ] as const) {
        const pixel = pixelOf(column, channel, y, x)
        const value = row[pixel.index]!
        const expected = kind === 'activation' ? neuronColourOf(value, hi) : neuronGradientColourOf(value, lo, hi)
        expectColour(colourAt(image, view.locate(pixel)), expected)
      }
    }
  })
})

test('picking finds pixels, filters and branches; their numbers are those of the buffers, in channels-first terms', async () => {
  await shown(observation, async (view, picture) => {
    picture()
    const input = pixelOf(0, 2, 3, 1)
    const place = view.locate(input)
    expect(await view.pick(place.x, place.y)).toEqual(input)
    const activations = await trainer.activation('input').read()
    expect(await view.readValues(input)).toEqual({ kind: 'neuron', activation: activations[(2 * size + 3) * size + 1] })

    const pixel = pixelOf(1, 3, 2, 5)
    const values = await view.readValues(pixel)
    const output = await trainer.activation('layers.1').read()
    const bias = await trainer.parameter('layers.0.bias').read()
    expect(values).toMatchObject({ kind: 'neuron', activation: output[(3 * size + 2) * size + 5], bias: bias[3] })

    const { path, from, to } = observation.blocks[1]!
    // Output channel 3 is of the second group: its first input channel is the third.
    const filter: Picked = { kind: 'edge', block: 1, path, row: 3, column: 0, from, to }
    const read = (await view.readValues(filter))!
    const [weight, gradient] = [await trainer.parameter(path).read(), await trainer.gradient(path).read()]
    if (read.kind !== 'edge' || !read.filters) throw new Error('a filter comes with its taps')
    expect(read.weight).toBeCloseTo(norm(weight.subarray(6 * 9, 7 * 9)), 5)
    expect(read.gradient / norm(gradient.subarray(6 * 9, 7 * 9))).toBeCloseTo(1, 5)
    expect(read.filters.weight).toEqual(weight)
    expect(read.filters.gradient).toEqual(gradient)
    const start = view.locate(filter, 0)
    const channel = (k: number) => view.locate({ kind: 'neuron', column: from, path: '', index: 14 * 4 + k })
    const distance = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y)
    const nearest = [0, 1, 2, 3].sort((a, b) => distance(channel(a), start) - distance(channel(b), start))[0]
    expect(nearest).toBe(2)

    for (const branch of [0, 1]) {
      const way: Picked = { kind: 'path', container: 0, branch, path: observation.containers[0]!.branches[branch]!.path }
      const { x, y } = view.locate(way)
      expect(await view.pick(x, y)).toEqual(way)
      const found = (await view.readValues(way))!
      if (found.kind !== 'path') throw new Error('a branch comes with the norms of its container')
      const expected = norm(await numbersOf(observation.containers[0]!.branches[branch]!.arrival!))
      expect(found.norms.find((one) => one.branch === branch)!.norm / expected).toBeCloseTo(1, 5)
    }
  })
})

test('branches have the colour of what arrives through them, and the names of collapsed groups open them', async () => {
  const collapsed = collapse(observation, new Set())
  await shown(collapsed, async (view, picture) => {
    const image = picture()
    const norms = await inspected(collapsed, (inspector) => inspector.pathNorms())
    const all = norms.map(({ norm: value }) => Math.log2(value))
    const widen = Math.max(0, 0.5 - (Math.max(...all) - Math.min(...all)) / 2)
    const [lo, hi] = [2 ** (Math.min(...all) - widen), 2 ** (Math.max(...all) + widen)]
    for (const { container, branch, norm: value } of norms) {
      const at = view.locate({ kind: 'path', container, branch, path: '' })
      expectColour(colourAt(image, at), colourOf(value, lo, hi, 'inferno'), 14)
    }
    const heard: string[] = []
    view.onToggle((path) => heard.push(path))
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('.view-labels button')]
    expect(buttons.map((button) => button.title)).toEqual(collapsed.groups.map(({ label }) => `Open ${label}`))
    for (const { textContent } of buttons) expect(textContent).toMatch(/▸$/)
    buttons[0]!.click()
    expect(heard).toEqual([collapsed.groups[0]!.path])
  })
})

test('an observation of fewer rows than the batch is enough', async () => {
  const few = (tensor: TensorView): TensorView => ({ ...tensor, shape: [2, ...tensor.shape.slice(1)], size: (tensor.size / batch) * 2 })
  const small: Observation = {
    ...observation,
    batch: 2,
    columns: observation.columns.map(({ activation, gradient, ...column }) => ({
      ...column,
      activation: few(activation),
      ...(gradient && { gradient: few(gradient) }),
    })),
    containers: observation.containers.map(({ branches, ...container }) => ({
      ...container,
      branches: branches.map((branch) => ({ ...branch, arrival: few(branch.arrival!) })),
    })),
  }
  await inspected(small, async (inspector) => {
    expect(inspector.paths.rows).toBe(2)
    const arrival = await numbersOf(small.containers[0]!.branches[1]!.arrival!)
    expect((await inspector.pathNorms())[1]!.norm / norm(arrival)).toBeCloseTo(1, 5)
  })
  await shown(small, async (view, picture) => {
    view.set({ sample: 3 })
    picture()
    const pixel = pixelOf(1, 1, 1, 1)
    const { activation, width: count } = { ...observation.columns[1]! }
    // The last row that there is.
    expect(await view.readValues(pixel)).toMatchObject({ activation: (await numbersOf(activation))[count + pixel.index] })
  })
})

test('the device reported nothing all the while', () => expect(errors).toEqual([]))

test('of a marked column of feature maps those that are named are framed', () =>
  shown(observation, async (view, picture) => {
    await Promise.resolve()
    const { path } = observation.columns[1]!
    const places = [0, 1, 2, 3].map((channel) => {
      // The middle of the map: pixels lie one after another, each with all its channels.
      const middle = (size / 2) * size + size / 2
      return view.locate({ kind: 'neuron', column: 1, path, index: middle * 4 + channel })
    })
    view.mark(1)
    const framed = picture()
    view.mark(1, [2])
    const changed = changedAt(framed, picture(), places)
    expect(changed[2]).toBeGreaterThan(20)
    expect(changed[2]).toBeGreaterThan(0.5 * changed.reduce((sum, count) => sum + count))
    view.mark(1)
    expect(changedAt(framed, picture(), places)).toEqual([0, 0, 0, 0])
  }))
