/** What the table of layers tells of each. */
import type { LayerHealth, ParameterHealth } from '../../../inspect/health.ts'
import type { NonFinite } from '../../../inspect/layer-statistics.ts'
import type { PlainCode } from '../../../words/say.ts'
import { percent, short } from '../../words/format.ts'
import type { Ranges } from './ranges.ts'

export type MetricId = 'gradient' | 'share' | 'weight' | 'update' | 'mean' | 'spread' | 'dead' | 'saturated'

/** `odd`: outside what is healthy; `broken`: no number at all. */
export type Level = 'plain' | 'odd' | 'broken'

export interface Metric {
  id: MetricId
  title: PlainCode
  about: PlainCode
  of(layer: LayerHealth): number | null
  text(value: number | null): string
  /** How a sparkline is drawn: orders of magnitude, differences, or shares of a whole. */
  scale: 'log' | 'linear' | 'share'
}

/** NaN and infinities where some of the numbers are. */
const orNone = ({ nan, infinite }: NonFinite, value: number): number => (nan > 0 ? NaN : infinite > 0 ? Infinity : value)
const gradientOf = (parameter: ParameterHealth) => orNone(parameter.nonFiniteGradients, parameter.gradientNorm)
const weightOf = (parameter: ParameterHealth) => orNone(parameter.nonFiniteWeights, parameter.weightNorm)

/** A layer's weights; of a norm by itself its scale. */
const main = ({ weight, norms }: LayerHealth): ParameterHealth | undefined => weight ?? norms[0]?.scale

const ofMain =
  (what: (parameter: ParameterHealth) => number | null) =>
  (layer: LayerHealth): number | null => {
    const parameter = main(layer)
    return parameter ? what(parameter) : null
  }

export const metrics: readonly Metric[] = [
  {
    id: 'gradient',
    title: 'layerTable.gradient',
    about: 'layerTable.gradient.about',
    of: ofMain(gradientOf),
    text: short,
    scale: 'log',
  },
  {
    id: 'share',
    title: 'layerTable.share',
    about: 'layerTable.share.about',
    of: ({ gradientShare }) => gradientShare,
    text: short,
    scale: 'log',
  },
  { id: 'weight', title: 'layerTable.weight', about: 'layerTable.weight.about', of: ofMain(weightOf), text: short, scale: 'log' },
  {
    id: 'update',
    title: 'layerTable.update',
    about: 'layerTable.update.about',
    of: ofMain(({ updateRatio }) => updateRatio),
    text: short,
    scale: 'log',
  },
  {
    id: 'mean',
    title: 'layerTable.mean',
    about: 'layerTable.mean.about',
    of: ({ output: { nonFinite, mean } }) => orNone(nonFinite, mean),
    text: short,
    scale: 'linear',
  },
  {
    id: 'spread',
    title: 'layerTable.spread',
    about: 'layerTable.spread.about',
    of: ({ output: { nonFinite, deviation } }) => orNone(nonFinite, deviation),
    text: short,
    scale: 'log',
  },
  {
    id: 'dead',
    title: 'layerTable.dead',
    about: 'layerTable.dead.about',
    of: ({ output }) => output.deadShare,
    text: percent,
    scale: 'share',
  },
  {
    id: 'saturated',
    title: 'layerTable.saturated',
    about: 'layerTable.saturated.about',
    of: ({ output }) => output.saturated,
    text: percent,
    scale: 'share',
  },
]

export function levelOf({ id }: Pick<Metric, 'id'>, value: number | null, ranges: Ranges): Level {
  if (value === null) return 'plain'
  if (!Number.isFinite(value)) return 'broken'
  const range = ranges[id]
  return range && (value < (range.least ?? -Infinity) || value > range.most) ? 'odd' : 'plain'
}

const place = (x: number, y: number): string => `${x.toFixed(1)},${y.toFixed(1)}`

/** Points of a sparkline in a box of this size; empty where there is nothing to draw. */
export function sparkline({ scale }: Pick<Metric, 'scale'>, numbers: readonly number[], width: number, height: number): string {
  const seen = numbers.map((value) => (scale === 'log' ? (value > 0 ? Math.log10(value) : NaN) : value))
  const finite = seen.filter(Number.isFinite)
  if (finite.length < 2) return ''
  // Flat where hardly anything changes: a tenth of an order of magnitude, or of the number itself.
  const [least, most] = scale === 'share' ? [0, 1] : [Math.min(...finite), Math.max(...finite)]
  const middle = (least + most) / 2
  const span = Math.max(most - least, scale === 'log' ? 0.2 : scale === 'share' ? 1 : Math.max(0.1 * Math.abs(middle), 1e-12))
  const at = (value: number, i: number) => place((i / (seen.length - 1)) * width, height / 2 - ((value - middle) / span) * (height - 2))
  return seen.flatMap((value, i) => (Number.isFinite(value) ? [at(value, i)] : [])).join(' ')
}
