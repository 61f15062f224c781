/** What a sweep map can vary: the axes, their values, and the change of the model that a value makes. */
import { wrongAt, wrongIn } from '../../errors.ts'
import { patched, type ModelPatch } from '../../model/patch.ts'
import type { Layer, ModelFile } from '../../model/types.ts'
import { message } from '../../words/say.ts'

export const axisNames = ['seed', 'learningRate', 'momentum', 'weightDecay', 'batchSize', 'width'] as const
export type AxisName = (typeof axisNames)[number]

export interface Axis {
  name: AxisName
  /** Rising. */
  values: readonly number[]
}

interface AxisKind {
  isInteger: boolean
  /** Where a value is on the axis on which values are evenly spaced; and back. */
  place(value: number): number
  value(place: number): number
  /** Whether a sweep may begin or end there. */
  allows(value: number): boolean
  expected: Parameters<typeof message>[0] & `expected.${string}`
  change(model: ModelFile, value: number): ModelPatch
}

const logarithmic = { place: Math.log, value: Math.exp }
const linear = { place: (value: number) => value, value: (place: number) => place }
const isPositive = (value: number) => value > 0 && Number.isFinite(value)

const kinds: Record<AxisName, AxisKind> = {
  seed: {
    ...linear,
    isInteger: true,
    allows: (value) => Number.isSafeInteger(value) && value >= 0,
    expected: 'expected.wholeNumber',
    change: (_, seed) => ({ seed }),
  },
  learningRate: {
    ...logarithmic,
    isInteger: false,
    allows: isPositive,
    expected: 'expected.positive',
    change: (_, learningRate) => ({ optimizer: { learningRate } }),
  },
  // Steps are 1 / (1 − momentum) as large: 0, 0.9, 0.99 are as far from each other.
  momentum: {
    place: (momentum) => -Math.log1p(-momentum),
    value: (place) => -Math.expm1(-place),
    isInteger: false,
    allows: (value) => value >= 0 && value < 1,
    expected: 'expected.belowOne',
    change: (_, momentum) => ({ optimizer: { momentum } }),
  },
  weightDecay: {
    ...logarithmic,
    isInteger: false,
    allows: isPositive,
    expected: 'expected.positive',
    change: (_, weightDecay) => ({ optimizer: { weightDecay } }),
  },
  batchSize: {
    ...logarithmic,
    isInteger: true,
    allows: (value) => Number.isSafeInteger(value) && value > 0,
    expected: 'expected.positiveInteger',
    change: (_, batchSize) => ({ batchSize }),
  },
  width: {
    ...logarithmic,
    isInteger: true,
    allows: (value) => Number.isSafeInteger(value) && value > 0,
    expected: 'expected.positiveInteger',
    change: ({ layers }, width) => ({ layers: widened(layers, width) }),
  },
}

/** Values of a number of a run that is written down in so many digits. */
const digits = 3
const mostValues = 64

/** `count` values from `from` to `to`, both among them: evenly spaced as the axis is, integers distinct. @throws InputError */
export function axisOf(name: string, from: number, to: number, count: number): Axis {
  if (!isAxisName(name)) throw wrongIn('sweep', 'sweep.noAxis', { found: name, choices: axisNames })
  const { allows, expected, isInteger, place, value } = kinds[name]
  for (const end of [from, to])
    if (!allows(end))
      throw wrongAt(name, 'value.wrong', { found: String(end), expected: message(expected as 'expected.positive') }).of('sweep')
  if (from > to) throw wrongIn('sweep', 'sweep.rising', { axis: name, from, to })
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= mostValues))
    throw wrongIn('sweep', 'sweep.count', { axis: name, found: String(count), most: mostValues })
  const [first, last] = [place(from), place(to)]
  const all = Array.from({ length: count }, (_, i) => {
    const exact = i === 0 ? from : i === count - 1 ? to : value(first + ((last - first) * i) / (count - 1))
    return isInteger ? Math.round(exact) : Number(exact.toPrecision(digits))
  })
  return { name, values: [...new Set(all)] }
}

/** `NAME=FROM:TO:COUNT`, as a call writes an axis. @throws InputError */
export function parseAxis(text: string): Axis {
  const found = /^([^=]*)=([^:]+):([^:]+):([^:]+)$/.exec(text)
  if (!found) throw wrongIn('sweep', 'sweep.axisForm', { found: text })
  const [, name = '', ...numbers] = found
  const [from = NaN, to = NaN, count = NaN] = numbers.map((part) => (part.trim() === '' ? NaN : Number(part)))
  return axisOf(name, from, to, count)
}

/** Where an axis goes from and to unless somebody says otherwise, for a model and so many training samples. */
export function defaultAxis(
  name: AxisName,
  model: ModelFile,
  samples: number,
  range: { least: number; greatest: number },
): [from: number, to: number] {
  switch (name) {
    case 'seed':
      return [model.seed, model.seed + 15]
    case 'learningRate':
      return [range.least, range.greatest]
    case 'momentum':
      return [0, 0.99]
    case 'weightDecay':
      return [1e-6, 0.1]
    case 'batchSize':
      return [Math.min(4, samples), Math.min(256, samples)]
    case 'width':
      return [1, 16]
  }
}

/** The axes that this model has: momentum belongs to SGD, and width to hidden layers. */
export const axesFor = (model: ModelFile): AxisName[] => axisNames.filter((name) => !missing(model, name))

/** The model with a value of each axis. @throws InputError where it has no such axis, or takes no such value */
export function withValues(model: ModelFile, axes: readonly Axis[], at: readonly number[]): ModelFile {
  return patched(model, changeFor(model, axes, at), 'sweep')
}

export function changeFor(model: ModelFile, axes: readonly Axis[], at: readonly number[]): ModelPatch {
  const changes = axes.map(({ name }, i) => kinds[name].change(model, at[i]!))
  const optimizer = Object.assign({}, ...changes.map((change) => change.optimizer ?? {})) as Record<string, unknown>
  return { ...Object.assign({}, ...changes), ...(Object.keys(optimizer).length && { optimizer }) } as ModelPatch
}

/** @throws InputError unless these are two axes of the model */
export function checkAxes(model: ModelFile, axes: readonly Axis[]): asserts axes is readonly [Axis, Axis] {
  const [first, second] = axes
  if (!first || !second || axes.length > 2) throw wrongIn('sweep', 'sweep.twoAxes', { found: axes.length, choices: axesFor(model) })
  if (first.name === second.name) throw wrongIn('sweep', 'sweep.sameAxis', { axis: first.name, choices: axesFor(model) })
  for (const { name } of axes) {
    const why = missing(model, name)
    if (why) throw wrongIn('sweep', why, { found: model.optimizer.type, choices: axesFor(model) })
  }
}

function missing(model: ModelFile, name: AxisName): 'sweep.noMomentum' | 'sweep.noWidth' | undefined {
  if (name === 'momentum' && model.optimizer.type !== 'sgd') return 'sweep.noMomentum'
  if (name === 'width' && hiddenLayers(model.layers).length === 0) return 'sweep.noWidth'
  return undefined
}

const isAxisName = (name: string): name is AxisName => (axisNames as readonly string[]).includes(name)

const hasWidth = (layer: Layer) => layer.type === 'dense' || layer.type === 'conv2d'
const inner = (layer: Layer): Layer[] =>
  layer.type === 'residual' ? [...layer.layers, ...(layer.shortcut ?? [])] : layer.type === 'concat' ? layer.branches.flat() : []
const flat = (layers: readonly Layer[]): Layer[] => layers.flatMap((layer) => [layer, ...flat(inner(layer))])

/** All layers with neurons or filters of their own but the last, which makes the output. */
const hiddenLayers = (layers: readonly Layer[]): Layer[] => flat(layers).filter(hasWidth).slice(0, -1)

/** The layers with `width` neurons in each hidden dense layer, and filters in each hidden convolution. */
function widened(layers: readonly Layer[], width: number): Layer[] {
  const copy = structuredClone(layers) as Layer[]
  for (const layer of hiddenLayers(copy)) {
    if (layer.type === 'dense') layer.units = width
    if (layer.type === 'conv2d') layer.filters = width
  }
  return copy
}
