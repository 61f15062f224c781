/** The numbers of each kind of layer, as the rail edits them. */
import { layerDefaults } from '../model/defaults.ts'
import type { Layer } from '../model/types.ts'

/** What stands beside a layer's name; the other numbers are further settings. */
export const mainFields: ReadonlySet<string> = new Set(['units', 'filters', 'rate'])

/** `fallback`: what holds where nothing is set; without one the field must be set. `next`: what the buttons beside it go to. */
export type Field =
  | { key: string; label: string; kind: 'number'; fallback?: number; next(now: number, up: boolean): number }
  | { key: string; label: string; kind: 'switch'; fallback: boolean }

const count =
  (least: number) =>
  (now: number, up: boolean): number => {
    const by = now >= 64 ? 16 : now >= 16 ? 4 : 1
    return Math.max(least, up ? now + by : now - by)
  }
const single =
  (least: number) =>
  (now: number, up: boolean): number =>
    Math.max(least, now + (up ? 1 : -1))
const fraction =
  (by: number, most: number) =>
  (now: number, up: boolean): number =>
    Number(Math.min(most, Math.max(0, Math.round((now + (up ? by : -by)) / by) * by)).toPrecision(6))
const tenfold = (now: number, up: boolean): number => Number((up ? now * 10 : now / 10).toPrecision(3))

const number = (
  key: string,
  next: (now: number, up: boolean) => number,
  fallback: number | undefined = (layerDefaults as Record<string, unknown>)[key] as number | undefined,
  label = key,
): Field => ({ key, label, kind: 'number', next, ...(fallback !== undefined && { fallback }) })
const bias: Field = { key: 'bias', label: 'bias', kind: 'switch', fallback: layerDefaults.bias }

export function fieldsOf(layer: Layer): Field[] {
  switch (layer.type) {
    case 'dense':
      return [number('units', count(1)), bias]
    case 'conv2d':
      return [
        number('filters', count(1)),
        number('kernel', single(1)),
        number('stride', single(1)),
        number('padding', single(0)),
        number('dilation', single(1)),
        number('groups', single(1)),
        bias,
      ]
    case 'maxPool2d':
      return [number('size', single(1)), number('stride', single(1), layer.size), number('padding', single(0))]
    case 'avgPool2d':
      return [number('size', single(1)), number('stride', single(1), layer.size)]
    case 'batchNorm':
      return [number('momentum', fraction(0.05, 1)), number('eps', tenfold, undefined, 'ε')]
    case 'layerNorm':
      return [number('eps', tenfold, undefined, 'ε')]
    case 'dropout':
      return [number('rate', fraction(0.05, 0.95))]
    case 'leakyRelu':
      return [number('slope', fraction(0.01, 1))]
    case 'elu':
      return [number('alpha', fraction(0.1, 10), undefined, 'α')]
    default:
      return []
  }
}

/** A value as it is set; what equals the fallback is left out, so that the model file stays as short as it can be. */
export function setField(layer: Layer, field: Field, value: number | string | boolean): void {
  const own = layer as unknown as Record<string, unknown>
  const isEmpty = typeof value === 'string' && value.trim() === ''
  if (field.fallback !== undefined && (isEmpty || value === field.fallback)) delete own[field.key]
  else own[field.key] = value
}
