import { describe, expect, test } from 'vitest'
import { confusionOf } from '../../src/app/charts/confusion.ts'
import { gridSize, planeOf } from '../../src/app/charts/plane.ts'
import { Curve } from '../../src/app/run/curves.ts'
import { checkedModel, compiledPart, placeOf, suggested } from '../../src/app/run/describe.ts'
import * as format from '../../src/app/words/format.ts'
import { freeArea } from '../../src/app/stage/free-area.ts'
import { layerNames, parameterName } from '../../src/app/words/layer-names.ts'
import type { Description } from '../../src/app/run/state.ts'
import type { InputError } from '../../src/errors.ts'
import { createStore } from '../../src/app/run/store.ts'
import { inOwnUnits, unitsOf } from '../../src/app/run/units.ts'
import { ticks } from '../../src/app/charts/surface.ts'
import type { Dataset } from '../../src/data/types.ts'
import type { Layer } from '../../src/model/types.ts'
import { checkModelFitsData } from '../../src/model/validate.ts'

const dataset: Dataset = {
  name: 'points',
  inputShape: [2],
  outputs: 3,
  train: { count: 4, x: Float32Array.of(0, 0, 10, 0, 0, 20, 10, 20), y: Int32Array.of(0, 1, 2, 0) },
  scaling: { mean: Float32Array.of(5, 10), deviation: Float32Array.of(5, 10) },
}

const refusal = (change: (description: Description) => void) => {
  const description = suggested(dataset)
  change(description)
  try {
    checkModelFitsData(checkedModel(description, dataset.inputShape), dataset)
  } catch (error) {
    return placeOf(error as InputError)
  }
  return null
}

describe('a description', () => {
  test('that is suggested fits its data', () => {
    expect(refusal(() => {})).toBeNull()
    const numbers = { ...dataset, outputs: 1, train: { ...dataset.train, y: Float32Array.of(1, 2, 3, 4) } }
    const model = checkedModel(suggested(numbers), numbers.inputShape)
    expect(model.loss).toBe('mse')
    checkModelFitsData(model, numbers)
  })

  test('that is refused is refused where it was entered', () => {
    const words = 'fast' as unknown as number
    expect(refusal((own) => void (own.training.optimizer.learningRate = words))).toEqual({
      place: 'training',
      field: 'learningRate',
    })
    expect(refusal((own) => void (own.training.batchSize = 0))).toMatchObject({ place: 'training', field: 'batchSize' })
    expect(refusal((own) => void (own.training.schedule = { type: 'cosine', steps: -1 }))).toMatchObject({
      place: 'training',
      field: 'steps',
    })
    expect(refusal((own) => void (own.training.loss = 'mse'))).toMatchObject({ place: 'training', field: 'loss' })
    expect(refusal((own) => void (own.perturbation = -1))).toMatchObject({ place: 'training', field: 'perturbation' })
    expect(refusal((own) => void (own.epochs = 0))).toMatchObject({ place: 'training', field: 'epochs' })
    expect(refusal((own) => void own.layers.splice(2, 0, { type: 'dense', units: 1.5 }))).toMatchObject({
      place: 'network',
      field: 'layers.2.units',
    })
    expect(refusal((own) => void own.layers.pop())).toMatchObject({ place: 'network' })
    expect(refusal((own) => void (own.layers = []))).toMatchObject({ place: 'network' })
  })

  test('is compiled anew for what lies in the plan, not for what the control block holds', () => {
    const before = suggested(dataset)
    const after = (change: (description: Description) => void) => {
      const next = structuredClone(before)
      change(next)
      return compiledPart(next) === compiledPart(before)
    }
    expect(after((own) => void (own.training.optimizer.learningRate = 1))).toBe(true)
    expect(after((own) => void (own.training.schedule = { type: 'exponential', factor: 0.9 }))).toBe(true)
    expect(after((own) => void (own.perturbation = 0.1))).toBe(true)
    expect(after((own) => void (own.training.batchSize = 2))).toBe(false)
    expect(after((own) => void own.layers.push({ type: 'tanh' }))).toBe(false)
    expect(after((own) => void (own.training.optimizer = { type: 'sgd', learningRate: 0.005 }))).toBe(false)
    expect(after((own) => void (own.training.clipNorm = 1))).toBe(true)
    expect(after((own) => void (own.training.augmentation = { shift: 0, flip: false }))).toBe(true)
    expect(after((own) => void (own.training.augmentation = { flip: true }))).toBe(false)
  })

  test('is compiled anew where momentum comes or goes, not where it changes', () => {
    const of = (momentum?: number, nesterov?: boolean) =>
      compiledPart({
        ...suggested(dataset),
        training: {
          ...suggested(dataset).training,
          optimizer: { type: 'sgd', learningRate: 0.1, ...(momentum !== undefined && { momentum }), ...(nesterov && { nesterov }) },
        },
      })
    expect(of(0.9)).toBe(of(0.95))
    expect(of(0)).toBe(of())
    expect(of(0)).toBe(of(0, true))
    expect(of(0.9)).not.toBe(of(0))
    expect(of(0.9)).not.toBe(of(0.9, true))
  })

  test('is the same in whatever order its settings were written, and with its defaults written out', () => {
    const of = (...layers: Layer[]) => compiledPart({ ...suggested(dataset), layers })
    const within = (layer: Layer): Layer => ({ type: 'residual', layers: [layer] })
    for (const wrapped of [(layer: Layer) => layer, within]) {
      expect(of(wrapped({ type: 'dense', units: 4, bias: false }))).toBe(of(wrapped({ bias: false, units: 4, type: 'dense' })))
      expect(of(wrapped({ type: 'dense', units: 4, bias: true }))).toBe(of(wrapped({ type: 'dense', units: 4 })))
      expect(of(wrapped({ type: 'maxPool2d', size: 2, stride: 2 }))).toBe(of(wrapped({ type: 'maxPool2d', size: 2 })))
      expect(of(wrapped({ type: 'dense', units: 4, bias: false }))).not.toBe(of(wrapped({ type: 'dense', units: 4 })))
    }
    expect(of({ type: 'residual', layers: [] })).toBe(of({ type: 'residual', layers: [], shortcut: [] }))
  })
})

test('a store calls a watcher once for several changes, and only when what it picked has changed', async () => {
  const store = createStore({ a: 1, b: 1 })
  const heard: number[] = []
  const stop = store.watch(
    (value) => value.a,
    (a) => heard.push(a),
  )
  store.set({ a: 2 })
  store.set({ a: 3, b: 2 })
  await Promise.resolve()
  store.set({ b: 3 })
  await Promise.resolve()
  stop()
  store.set({ a: 4 })
  await Promise.resolve()
  expect(heard).toEqual([1, 3])
})

test('a curve stays short, keeps its ends and its mean, and skips what is not finite', () => {
  const curve = new Curve(64)
  for (let step = 1; step <= 100_000; step++) curve.push(step, step === 50 ? NaN : 2)
  expect(curve.x.length).toBeLessThan(64)
  expect(curve.x.length).toBeGreaterThan(31)
  expect(curve.x.at(-1)).toBeGreaterThan(95_000)
  expect(curve.y.every((value) => value === 2)).toBe(true)
  expect([...curve.x].sort((a, b) => a - b)).toEqual(curve.x)
})

test('a curve of a thinned history looks as the one of every step, and a stretch that is nowhere finite is a gap', () => {
  const [whole, thinned] = [new Curve(64), new Curve(64)]
  for (let step = 1; step <= 8000; step++) {
    whole.push(step, step)
    // As a history is: the old part every eighth step, the latest every step.
    if (step % 8 === 0 || step > 7000) thinned.push(step, step)
  }
  expect(thinned.x).toEqual(whole.x)
  thinned.y.forEach((y, i) => expect(Math.abs(y! - whole.y[i]!)).toBeLessThan(8))
  const broken = new Curve(64)
  for (let step = 1; step <= 640; step++) broken.push(step, step > 320 ? NaN : 1)
  expect(broken.y[0]).toBe(1)
  expect(broken.y.at(-1)).toBeNull()
})

test('confusion counts true against predicted', () => {
  const outputs = [0.9, 0.1, 0, 0, 0.2, 0.7, 0, 0.6, 0.1, 0.5, 0.3, 0.2]
  expect([...confusionOf([0, 1, 1, 2], outputs, 3).counts]).toEqual([1, 0, 0, 0, 1, 1, 1, 0, 0])
})

test('the plane covers the samples, its grid is scaled as the network takes it, from the top left', () => {
  const plane = planeOf(dataset)!
  expect(plane.low[0]).toBeCloseTo(-0.6)
  expect(plane.high[1]).toBeCloseTo(21.2)
  expect(plane.grid.length).toBe(2 * gridSize * gridSize)
  const cell = (21.2 + 1.2) / gridSize
  expect(plane.grid[1]).toBeCloseTo((21.2 - cell / 2 - 10) / 10, 4)
  expect(plane.grid[0]).toBeCloseTo((-0.6 + 11.2 / gridSize / 2 - 5) / 5, 4)
})

test('layers are named as the rail counts them', () => {
  const names = layerNames([
    { type: 'dense', units: 4 },
    { type: 'tanh' },
    { type: 'residual', layers: [{ type: 'dense', units: 4 }], shortcut: [{ type: 'dense', units: 4 }] },
    { type: 'batchNorm' },
    { type: 'dense', units: 1 },
  ])
  expect(parameterName('layers.4.bias', names)).toBe('Dense 2 bias')
  expect(parameterName('layers.2.layers.0.weight', names)).toBe('Residual 1 · Dense 1 weight')
  expect(parameterName('layers.3.running_var', names)).toBe('Norm 1 variance')
})

test('numbers keep their width and say when they are none', () => {
  expect([0.25, 12.345, 1234.5, 0.00012, NaN, -Infinity, null].map(format.short)).toEqual([
    '0.250',
    '12.3',
    '1,235',
    '1.20e−4',
    'NaN',
    '−∞',
    '–',
  ])
  expect([1, 0.5, 0.003, 1e-6, 100].map(format.tick)).toEqual(['1', '0.5', '0.003', '1e−6', '100'])
  expect([200, 1000, 1500, 20_000].map(format.count)).toEqual(['200', '1 k', '1.5 k', '20 k'])
  expect([999, 941_000, 55_200_000].map(format.bytes)).toEqual(['999 B', '941 KB', '55.2 MB'])
  expect([15_900, 120].map((value) => format.amount(value, 'FLOP'))).toEqual(['15.9 kFLOP', '120 FLOP'])
  expect([0.048, 0.5, 0.96, 9.4, 9.96, 1234].map(format.rate)).toEqual(['0.048', '0.50', '1.0', '9.4', '10', '1,234'])
  expect([-0.00001234, 0.5, 12.3456, 974.7602, 1234, 1e6].map(format.loss)).toEqual([
    '−1.23e−5',
    '0.5000',
    '12.346',
    '974.76',
    '1,234',
    '1.00e6',
  ])
  expect(
    [
      { first: 1200, last: 1200 },
      { first: 7, last: 9 },
    ].map(format.steps),
  ).toEqual(['step 1,200', 'steps 7–9'])
  expect(ticks(-5.2, 5.1)).toEqual([-5, 0, 5])
})

describe('the area free of panels', () => {
  const area = { left: 320, top: 0, right: 1080, bottom: 830 }
  const legend = { left: 336, top: 12, right: 568, bottom: 163 }
  const card = { left: 816, top: 12, right: 1064, bottom: 240 }

  test('lies below what stands in the corners at the top', () => {
    expect(freeArea(area, [])).toEqual(area)
    expect(freeArea(area, [legend])).toEqual({ ...area, top: 163 })
    expect(freeArea(area, [legend, card])).toEqual({ ...area, top: 240 })
  })

  test('lies beside a panel where that leaves more room, and above one at the bottom', () => {
    const tall = { ...legend, right: 400, bottom: 700 }
    expect(freeArea(area, [tall])).toEqual({ ...area, left: 400 })
    expect(freeArea(area, [legend, { ...card, top: 600, bottom: 830 }])).toEqual({ ...area, top: 163, bottom: 600 })
  })

  test('takes no account of a panel that is hidden or elsewhere', () => {
    expect(
      freeArea(area, [
        { left: 0, top: 0, right: 0, bottom: 0 },
        { ...card, left: 1100, right: 1300 },
      ]),
    ).toEqual(area)
  })
})

test('targets are shown in their own unit, and where there is no single one, as standardised', () => {
  const regression: Dataset = {
    ...dataset,
    outputs: 1,
    targetNames: ['price'],
    targetScaling: { mean: Float32Array.of(100), deviation: Float32Array.of(20) },
  }
  expect(inOwnUnits([0, -1.5], regression)).toEqual(Float64Array.of(100, 70))
  expect(unitsOf(regression)).toBe('price')
  const two = { mean: Float32Array.of(100, 1), deviation: Float32Array.of(20, 2) }
  const several = { ...regression, outputs: 2, targetNames: ['price', 'weight'], targetScaling: two }
  expect(inOwnUnits([0, -1.5], several)).toEqual([0, -1.5])
  expect(unitsOf(several)).toBe('targets, standardised')
  const { targetScaling: _, ...plain } = regression
  expect(inOwnUnits([0.5], plain)).toEqual([0.5])
})
