/** A choice of a few with its name, among the options of an import. */
import type { VNode } from 'preact'

interface OptionProps<Value extends string> {
  text: string
  /** What it is for who cannot see where it stands. */
  label: string
  options: readonly { value: Value; text: string }[]
  value: Value
  onChange: (value: Value) => void
}

export const Option = <Value extends string>({ text, label, options, value, onChange }: OptionProps<Value>): VNode => (
  <label>
    {text}
    <select
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options[event.currentTarget.selectedIndex]
        if (chosen) onChange(chosen.value)
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </select>
  </label>
)
