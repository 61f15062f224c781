/** A choice of a few with its name, among the options of an import. */
import type { VNode } from 'preact'
import { Select, type SelectProps } from '../ui/elements.tsx'

/** `label` says what it is for who cannot see where it stands. */
export const Option = <Value extends string>({ text, ...select }: SelectProps<Value> & { text: string }): VNode => (
  <label>
    {text}
    <Select {...select} />
  </label>
)
