import { expect, test, vi } from 'vitest'
import { createInspector } from '../../src/inspect/inspector.ts'
import { colourOf, neuronColourOf } from '../../src/view/colour.ts'
import type { Picked } from '../../src/view/types.ts'
import { fixture } from './view-fixture.ts'
import { colourAt, expectColour, height, made, ratio, stage, width } from './view-stage.ts'

const sketchOf = (canvas: HTMLCanvasElement) => canvas.parentElement!.querySelector<HTMLCanvasElement>('.view-sketch')!

test('the sketch has the network where the picture has it, and goes when the picture is there', async () => {
  const scene = await stage([2, 5, 3])
  const sketch = sketchOf(scene.canvas)
  expect(sketch.hidden).toBe(true)
  scene.view.sketch()
  expect(sketch.hidden).toBe(false)
  expect([sketch.width, sketch.height]).toEqual([width * ratio, height * ratio])
  const image = sketch.getContext('2d')!.getImageData(0, 0, sketch.width, sketch.height)
  const brightness = ({ x, y }: { x: number; y: number }) => {
    const at = 4 * (Math.floor(y * ratio) * image.width + Math.floor(x * ratio))
    return image.data[at]! + image.data[at + 1]! + image.data[at + 2]!
  }
  const resting = neuronColourOf(0, 1).reduce((sum, channel) => sum + channel, 0)
  scene.observation.columns.forEach(({ path, width: count }, column) => {
    for (let index = 0; index < count; index++)
      expect(Math.abs(brightness(scene.view.locate({ kind: 'neuron', column, path, index })) - resting)).toBeLessThan(12)
  })
  const { path, from, to } = scene.observation.blocks[1]!
  const edge = { kind: 'edge', block: 1, path, row: 1, column: 2, from, to } as const
  expect(brightness(scene.view.locate(edge, 0.4))).toBeGreaterThan(brightness({ x: width - 4, y: 4 }) + 30)
  // Nothing to point at yet.
  expect(
    await scene.view.pick(
      ...(Object.values(scene.view.locate({ kind: 'neuron', column: 1, path: 'layers.0', index: 2 })) as [number, number]),
    ),
  ).toBeNull()

  scene.picture()
  await vi.waitFor(() => expect(sketch.hidden).toBe(true), { timeout: 30_000 })
  expect(scene.errors).toEqual([])
})

test('coloured, the sketch has the colours that the picture has after it', async () => {
  const scene = await stage([2, 5, 3])
  scene.view.sketch()
  await scene.view.colourSketch()
  const sketch = sketchOf(scene.canvas)
  const sketched = sketch.getContext('2d')!.getImageData(0, 0, sketch.width, sketch.height)
  const picture = scene.picture()
  scene.observation.columns.forEach(({ path, width: count }, column) => {
    for (let index = 0; index < count; index++) {
      const place = scene.view.locate({ kind: 'neuron', column, path, index })
      expectColour(colourAt(sketched, place), colourAt(picture, place), 12)
    }
  })
  const [range] = await scene.view.legend()
  const { path, from, to } = scene.observation.blocks[0]!
  for (let row = 0; row < 5; row++) {
    const gradient = scene.gradients[scene.at(0, row, 0)]!
    const strength = Math.abs(gradient) / range!.hi
    if (strength < 0.3) continue // thin, and another may cross it
    const place = scene.view.locate({ kind: 'edge', block: 0, path, row, column: 0, from, to }, 0.35)
    expectColour(colourAt(sketched, place), colourOf(gradient, range!.lo, range!.hi, 'inferno'), 24)
  }
  // What is pointed at in it is what is there.
  scene.view.sketch()
  const at = (picked: Picked, share?: number) => {
    const { x, y } = scene.view.locate(picked, share)
    return scene.view.pick(x, y)
  }
  for (let index = 0; index < 5; index++) {
    const neuron = { kind: 'neuron', column: 1, path: scene.observation.columns[1]!.path, index } as const
    expect(await at(neuron)).toEqual(neuron)
  }
  const edge = { kind: 'edge', block: 1, path: scene.observation.blocks[1]!.path, row: 2, column: 4, from: 1, to: 2 } as const
  expect(await at(edge, 0.5)).toEqual(edge)
  expect(await scene.view.pick(2, 2)).toBeNull()
  scene.view.set({ neurons: 'gradient' })
  scene.view.sketch()
  const place = scene.view.locate({ kind: 'neuron', column: 1, path: 'layers.0', index: 2 })
  const again = sketch.getContext('2d')!.getImageData(0, 0, sketch.width, sketch.height)
  expectColour(colourAt(again, place), colourAt(scene.picture(), place), 12)
})

test('made grey, the sketch has no colours until they are read again, nor those of a reading under way', async () => {
  const scene = await stage([2, 5, 3])
  scene.view.sketch()
  await scene.view.colourSketch()
  const reading = scene.view.colourSketch()
  scene.view.greySketch()
  await reading
  const sketch = sketchOf(scene.canvas)
  const image = sketch.getContext('2d')!.getImageData(0, 0, sketch.width, sketch.height)
  scene.observation.columns.forEach(({ path, width: count }, column) => {
    for (let index = 0; index < count; index++)
      expectColour(colourAt(image, scene.view.locate({ kind: 'neuron', column, path, index })), neuronColourOf(0, 1), 12)
  })
})

test('another network compiles nothing: all share their pipelines', async () => {
  const scene = await stage([3, 4, 2], {}, {})
  await scene.view.compile()
  scene.picture()
  const { device } = scene
  const compiled: string[] = []
  const names = [
    'createShaderModule',
    'createRenderPipeline',
    'createRenderPipelineAsync',
    'createComputePipeline',
    'createComputePipelineAsync',
  ] as const
  for (const name of names) {
    const original = device[name].bind(device) as (description: GPUObjectDescriptorBase) => unknown
    Object.assign(device, {
      [name]: (description: GPUObjectDescriptorBase) => {
        compiled.push(`${name} ${description.label}`)
        return original(description)
      },
    })
    made.push(() => delete (device as unknown as Record<string, unknown>)[name])
  }
  const other = await fixture([7, 30, 9, 5])
  const inspector = createInspector(device, other.observation)
  scene.view.show(other.observation, inspector)
  await scene.view.compile()
  scene.picture()
  expect(compiled).toEqual([])
  made.push(
    () => other.destroy(),
    () => inspector.destroy(),
  )
})
