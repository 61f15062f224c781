/** A layer's setting as a control. */
import type { JSX } from 'preact'
import { Stepper } from '../ui/stepper.tsx'
import { t } from '../words/language.ts'
import type { RowProps } from './editing.ts'
import { setField, type Field } from './fields.ts'

export function FieldControl({ editing, layer, path, name, field, isWrong }: RowProps & { field: Field; isWrong: boolean }): JSX.Element {
  const value = (layer as unknown as Record<string, unknown>)[field.key]
  const label = t('network.of', { name, what: field.label })
  const change = (next: number | string | boolean) => editing.set(path, (own) => setField(own, field, next), field.key)
  if (field.kind === 'switch')
    return (
      <input
        type="checkbox"
        checked={value === undefined ? field.fallback : value === true}
        data-key={field.key}
        aria-label={label}
        aria-invalid={isWrong || undefined}
        onChange={({ currentTarget }) => change(currentTarget.checked)}
      />
    )
  return (
    <Stepper
      label={label}
      value={value === undefined ? '' : String(value)}
      field={field.key}
      invalid={isWrong}
      placeholder={field.fallback === undefined ? undefined : String(field.fallback)}
      change={change}
      next={field.next}
    />
  )
}
