import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { depthVariants } from '../../src/data/depth-comparison.ts'
import { imageRecipe, isImagePreset, takesCifar10 } from '../../src/data/image-presets.ts'
import { loadPreset, presetNames } from '../../src/data/presets.ts'
import type { Observation } from '../../src/graph/observation.ts'
import { dense, tanh } from '../../src/model/layers.ts'
import type { Dataset } from '../../src/data/types.ts'
import { Eye } from '../../src/view/eye.ts'
import { lookingFrom } from '../../src/view/camera.ts'
import { collapse, openByDefault } from '../../src/view/collapse.ts'
import { frame } from '../../src/view/framing.ts'
import { overlaps, type Box, type PlacedName } from '../../src/view/label-places.ts'
import type { Point } from '../../src/view/arrangement.ts'
import { NamePlan, textWidth } from '../../src/view/name-plan.ts'
import { sceneOf } from '../../src/view/scene.ts'
import type { Insets } from '../../src/view/types.ts'
import { observed } from './observed.ts'

/** The page with its panels as they lie over the canvas. */
const windows: Record<string, { width: number; height: number; insets: Insets }> = {
  '1440 × 900': { width: 1440, height: 900, insets: { left: 332, top: 300, right: 376, bottom: 85 } },
  '1440 × 900 with its rails folded': { width: 1440, height: 900, insets: { left: 0, top: 300, right: 0, bottom: 85 } },
  '390 × 844': { width: 390, height: 844, insets: { left: 0, top: 170, right: 0, bottom: 152 } },
  '720 × 450': { width: 720, height: 450, insets: { left: 218, top: 0, right: 0, bottom: 103 } },
}

const images = (name: string) =>
  ({ inputShape: takesCifar10(name) ? [3, 32, 32] : [1, 28, 28], outputs: 10, train: { count: 60_000 } }) as Dataset
const publicData = async (name: string) => new Uint8Array(await readFile(new URL(`../../public/data/${name}`, import.meta.url)))

/** The networks of all presets, without the data that is not in the repository. */
async function allNetworks(): Promise<[name: string, network: Observation][]> {
  const all = await Promise.all(
    presetNames.map(async (name): Promise<[string, Observation][]> => {
      if (name === 'depth-comparison') return depthVariants().map((variant) => [`compare, ${variant.name}`, observed([2], variant.layers)])
      if (name === 'mnist') return [[name, observed([784], [dense(256), tanh(), dense(128), tanh(), dense(10)])]]
      if (isImagePreset(name)) return [[name, observed(images(name).inputShape, imageRecipe(name, images(name)).layers)]]
      const { model } = await loadPreset(name, publicData, 1)
      return [[name, observed(model.input, model.layers)]]
    }),
  )
  return all.flat()
}

const networks = allNetworks()

function look(network: Observation, { width, height, insets }: (typeof windows)[string], direction?: Point) {
  const shown = collapse(network, openByDefault(network))
  const eye = new Eye(null)
  eye.resize({ width, height, ratio: 1 }, insets)
  const plan = new NamePlan(shown, textWidth())
  const { arrangement } = frame(shown, plan, eye, direction)
  return { eye, plan, arrangement, scene: sceneOf(eye, arrangement), placed: plan.place(eye, arrangement, null) }
}

function expectClear(placed: readonly PlacedName[], boxes: readonly Box[]) {
  const words = ({ name, form }: PlacedName) => `${name.title} (${form})`
  const meetings = placed.flatMap((one, i) => [
    ...placed.slice(i + 1).flatMap((other) => (overlaps(one, other) ? [`${words(one)} and ${words(other)}`] : [])),
    ...boxes.flatMap((box, column) => (overlaps(one, box) ? [`${words(one)} and column ${column}`] : [])),
  ])
  expect(meetings).toEqual([])
}

describe.each(Object.entries(windows))('in a window of %s', { timeout: 60_000 }, (_, window) => {
  test('the names of every preset’s network cover neither each other nor a column, and read in order', async () => {
    for (const [preset, network] of await networks) {
      const { placed, scene } = look(network, window)
      expectClear(placed, scene.boxes)
      const { left, top, right, bottom } = scene
      for (const { x, y, width, height } of placed) {
        expect(x).toBeGreaterThanOrEqual(left - 1)
        expect(x + width).toBeLessThanOrEqual(right + 1)
        expect(y).toBeGreaterThanOrEqual(top)
        expect(y + height).toBeLessThanOrEqual(bottom)
      }
      // The first and the last column, and whatever groups or opens, can always be found.
      const columns = placed.filter(({ name }) => name.kind !== 'group')
      const ends = [Math.min(...columns.map(({ name }) => name.first)), Math.max(...columns.map(({ name }) => name.last))]
      expect([preset, ...ends]).toEqual([preset, 0, scene.boxes.length - 1])
      const shown = collapse(network, openByDefault(network))
      const buttons = placed.flatMap(({ name }) => (name.toggle ? [name.toggle.path] : []))
      expect([preset, ...buttons.toSorted()]).toEqual([preset, ...shown.groups.map(({ path }) => path).toSorted()])
      // Of a run one name is enough, but where there is room every kind of layer has one.
      const kinds = new Set(shown.columns.map(({ label }) => label.split(' · ')[0]!))
      const named = new Set(columns.map(({ name }) => name.title.replace(/^\d+ × (?=dense|conv)/, '')))
      if (window.width > 1000) expect([preset, ...kinds].filter((kind) => kind !== preset && !named.has(kind))).toEqual([])
      // In order: along a row, or down the side.
      const middle = ({ x, y, width, height }: Box) => (scene.upright ? y + height / 2 : x + width / 2)
      const inOrder = columns.filter(({ name }) => scene.sides[name.first] === 'above').toSorted((a, b) => a.name.first - b.name.first)
      inOrder.slice(1).forEach((name, i) => expect(middle(name)).toBeGreaterThan(middle(inOrder[i]!)))
    }
  })

  test('from any other side they keep clear too', async () => {
    for (const [, network] of await networks)
      for (const direction of [lookingFrom(-0.9, 0.1), lookingFrom(1.3, 0.5), lookingFrom(0.2, 1.2), lookingFrom(0, -0.6)]) {
        const { placed, scene } = look(network, window, direction)
        expectClear(placed, scene.boxes)
      }
  })

  test('the column that is pointed at has its name, whatever stood there', async () => {
    for (const [, network] of await networks) {
      const { placed, scene, plan, eye, arrangement } = look(network, window)
      for (const column of scene.boxes.keys()) {
        if (scene.sides[column] !== 'above' || placed.some(({ name }) => name.kind === 'column' && name.first === column)) continue
        const pointed = plan.place(eye, arrangement, column)
        expectClear(pointed, scene.boxes)
        expect(pointed.some(({ name }) => name.kind === 'column' && name.first === column)).toBe(true)
      }
    }
  })

  test('the network fills what is free', async () => {
    for (const [preset, network] of await networks) {
      const { scene } = look(network, window)
      const [left, right] = [Math.min(...scene.boxes.map(({ x }) => x)), Math.max(...scene.boxes.map(({ x, width }) => x + width))]
      const [top, bottom] = [Math.min(...scene.boxes.map(({ y }) => y)), Math.max(...scene.boxes.map(({ y, height }) => y + height))]
      const fills = Math.max((right - left) / (scene.right - scene.left), (bottom - top) / (scene.bottom - scene.top))
      const least = Math.min((right - left) / (scene.right - scene.left), (bottom - top) / (scene.bottom - scene.top))
      expect([preset, fills > 0.6]).toEqual([preset, true])
      expect([preset, least > 0.3]).toEqual([preset, true])
    }
  })
})
