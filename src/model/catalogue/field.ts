/** The settings of layers, optimizers and schedules: what each may be, what holds where it is not given, how a press of a button changes it. */
import { boolean, type Check } from '../schema.ts'

export interface NumberField {
  kind: 'number'
  check: Check
  /** What holds where it is not given: a number, or the setting that it equals then. Absent: it must be given. */
  fallback?: number | string
  /** What a press of + or − makes of it. */
  next(now: number, up: boolean): number
  /** As readers know it, where that is not its key. */
  symbol?: string
  /** In a summary it stands at its default too. */
  isAlwaysTold?: boolean
}
export interface SwitchField {
  kind: 'switch'
  check: Check
  fallback: boolean
}
/** Files alone set it. */
export interface OtherField {
  kind: 'other'
  check: Check
}
/** Layers within the layer: a list, or a list of such branches. */
export interface LayersField {
  kind: 'layers' | 'branches'
  /** Whether it may be absent, which is the same as empty. */
  isOptional: boolean
}
export type Field = NumberField | SwitchField | OtherField | LayersField
export type Fields = Readonly<Record<string, Field>>

type Next = NumberField['next']

type More = Pick<NumberField, 'fallback' | 'symbol' | 'isAlwaysTold'>
export const number = <const M extends More = More>(check: Check, next: Next, more?: M): NumberField & M => ({
  kind: 'number',
  check,
  next,
  ...(more as M),
})
export const flag = (fallback: boolean): SwitchField => ({ kind: 'switch', check: boolean, fallback })

/** By 1, 4 or 16, the more the larger it is. */
export const inStrides =
  (least: number): Next =>
  (now, up) => {
    const step = now >= 64 ? 16 : now >= 16 ? 4 : 1
    return Math.max(least, up ? now + step : now - step)
  }
export const byOne =
  (least: number): Next =>
  (now, up) =>
    Math.max(least, now + (up ? 1 : -1))
/** To the next multiple of `step`, between 0 and `most`. */
export const by =
  (step: number, most: number): Next =>
  (now, up) =>
    Number(Math.min(most, Math.max(0, Math.round((now + (up ? step : -step)) / step) * step)).toPrecision(6))
export const tenfold: Next = (now, up) => Number((up ? now * 10 : now / 10).toPrecision(3))

/** What the schema asks of an object with these settings; `within` checks the layers in it. */
export function keysOf(fields: Fields, within: Partial<Record<LayersField['kind'], Check>> = {}) {
  const required: Record<string, Check> = {}
  const optional: Record<string, Check> = {}
  for (const [key, field] of Object.entries(fields)) {
    if ('isOptional' in field) (field.isOptional ? optional : required)[key] = within[field.kind]!
    else (field.kind === 'number' && field.fallback === undefined ? required : optional)[key] = field.check
  }
  return { required, optional }
}

type Given<F extends Field> = F extends NumberField ? number : boolean
/** `Own` with every setting that has a default. */
export type Complete<Own, F extends Fields> = Own & {
  -readonly [Key in keyof F as F[Key] extends NumberField | SwitchField ? Key : never]: Given<F[Key]>
}

/** The settings as `own` gives them, or by default. */
export function complete<Own extends object, F extends Fields>(fields: F, own: Own): Complete<Own, F> {
  const values = { ...own } as Record<string, unknown>
  for (const [key, field] of Object.entries(fields)) {
    if (values[key] !== undefined || (field.kind !== 'number' && field.kind !== 'switch')) continue
    values[key] = typeof field.fallback === 'string' ? values[field.fallback] : field.fallback
  }
  return values as Complete<Own, F>
}
