/** The numbers of each kind of layer, as the rail edits them. */
import type { NumberField, SwitchField } from '../../model/catalogue/field.ts'
import { kindOf } from '../../model/catalogue/layers.ts'
import type { Layer } from '../../model/types.ts'
import { settingName } from '../words/setting-names.ts'

/**
 * `label`: its name in the language at hand. `fallback`: what holds where nothing is set; without one the field must be set. `next`: what the buttons
 * beside it go to.
 */
export type Field = { key: string; label: string } & (
  { kind: 'number'; fallback?: number; next: NumberField['next'] } | Pick<SwitchField, 'kind' | 'fallback'>
)

export function fieldsOf(layer: Layer): Field[] {
  const own = layer as unknown as Record<string, number>
  return Object.entries(kindOf(layer).fields).flatMap(([key, field]): Field[] => {
    if (field.kind === 'switch') return [{ key, label: settingName(key), kind: 'switch', fallback: field.fallback }]
    if (field.kind !== 'number') return []
    const { fallback, next, symbol } = field
    const value = typeof fallback === 'string' ? own[fallback] : fallback
    return [{ key, label: settingName(key, symbol), kind: 'number', next, ...(value !== undefined && { fallback: value }) }]
  })
}

/** Whether a field stands beside the layer's name; the others are further settings. */
export const isMain = (layer: Layer, { key }: Field): boolean => kindOf(layer).main === key

/** A value as it is set; what equals the fallback is left out, so that the model file stays as short as it can be. */
export function setField(layer: Layer, field: Field, value: number | string | boolean): void {
  const own = layer as unknown as Record<string, unknown>
  const isEmpty = typeof value === 'string' && value.trim() === ''
  if (field.fallback !== undefined && (isEmpty || value === field.fallback)) delete own[field.key]
  else own[field.key] = value
}
