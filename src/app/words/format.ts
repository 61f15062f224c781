/** Numbers as the page writes them: short, of a steady width, grouped as the language does it. */
import { computed } from '@preact/signals'
import { message, type Message } from '../../words/say.ts'
import { language, said, t } from './language.ts'

const tags = { en: 'en-US', zh: 'zh-CN' }
const whole = computed(() => new Intl.NumberFormat(tags[language.value]))
const two = computed(() => new Intl.NumberFormat(tags[language.value], { maximumFractionDigits: 2 }))

export const integer = (value: number): string => whole.value.format(Math.round(value))

/** At most two places, and none where they are zeros. */
export const decimal = (value: number): string => two.value.format(value)

/** `1 epoch`, `2.5 epochs`. */
export const epochsOf = (count: number): Message => message('shell.epochs', { count: Number(count.toFixed(2)), text: decimal(count) })
export const epochs = (count: number): string => said(epochsOf(count))

/** Three significant digits; scientific below 0.001 and from 100,000. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 1e-3 || size >= 1e5) return minus(value.toExponential(2))
  if (size >= 1000) return minus(integer(value))
  return minus(value.toPrecision(3))
}

/** A loss with five digits, so that it does not jump while it falls: `0.1234`, `12.346`, `1,235`. */
export function loss(value: number | null): string {
  if (value === null) return '–'
  if (!Number.isFinite(value)) return short(value)
  const size = Math.abs(value)
  if (size >= 1e5 || (size < 1e-4 && size > 0)) return minus(value.toExponential(2))
  if (size >= 1000) return minus(integer(value))
  return minus(value.toFixed(size >= 100 ? 2 : size >= 10 ? 3 : 4))
}

export const percent = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(1)} %`)

export { bytesText as bytes } from '../../units.ts'

const scales = ['', ' k', ' M', ' G', ' T', ' P']
export function scaled(value: number): string {
  let power = 0
  while (value >= 1000 && power < scales.length - 1) {
    value /= 1000
    power++
  }
  return power === 0 ? String(Math.round(value)) : `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)}${scales[power]}`
}

/** A large count of a unit: `55.2 MFLOP`. */
export function amount(value: number, unit: string): string {
  const [number, prefix = ''] = scaled(value).split(' ')
  return `${number} ${prefix}${unit}`
}

const minus = (text: string): string => text.replace('-', '−').replace('e-', 'e−').replace('e+', 'e')

/** Steps a second: two digits below ten, none after the point above. */
export function rate(value: number): string {
  if (value >= 9.95) return integer(value)
  return value > 0 && value < 0.95 ? value.toPrecision(2) : value.toFixed(1)
}

/** A single number to be read in full: six significant digits. */
export function exact(value: number | null): string {
  if (value === null) return '–'
  if (!Number.isFinite(value) || value === 0) return short(value)
  const size = Math.abs(value)
  return minus(size < 1e-4 || size >= 1e7 ? value.toExponential(4) : value.toPrecision(6))
}

/** A number on an axis or a scale: like `short`, without zeros that say nothing. */
export const tick = (value: number): string =>
  short(value)
    .replace(/(\.\d*?)0+(?=e|$)/, '$1')
    .replace(/\.(?=e|$)/, '')

/** When something was measured: a training that runs goes on meanwhile. */
export const steps = ({ first, last }: { first: number; last: number }): string =>
  first === last ? t('charts.step', { step: integer(first) }) : t('charts.steps', { first: integer(first), last: integer(last) })

/** A count on an axis: `200`, `1.5 k`, `20 k`. */
export const count = (value: number): string => scaled(value).replace(/\.?0+(?= )/, '')
