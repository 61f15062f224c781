/** Small elements that many components are made of. */
import type { JSX } from 'preact'
import { iconPath, type IconName } from './icons.ts'

export const Icon = ({ name }: { name: IconName }): JSX.Element => (
  <svg viewBox="0 0 16 16" class={`icon icon-${name}`} aria-hidden="true" focusable="false">
    <path d={iconPath(name)} fill={name === 'play' ? 'currentColor' : 'none'} />
  </svg>
)

export interface SelectProps<Value extends string> {
  label: string
  options: readonly { value: Value; text: string }[]
  value: Value
  onChange(value: Value): void
}

/** A choice of a few; shows `value`, whatever was chosen. */
export const Select = <Value extends string>({ label, options, value, onChange }: SelectProps<Value>): JSX.Element => (
  <select aria-label={label} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as Value)}>
    {options.map((option) => (
      <option key={option.value} value={option.value}>
        {option.text}
      </option>
    ))}
  </select>
)
