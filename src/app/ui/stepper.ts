/** A number with − and +. */
import { h as make, type ComponentChild, type VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { v } from './vnode.ts'

interface StepperOptions {
  /** What it is, for who cannot see where it stands. */
  label: string
  value: string
  /** Of the model file, by which a refusal finds its field. */
  field: string
  /** What holds where nothing is entered. */
  placeholder?: string | undefined
  invalid: boolean
  /** Hears what was entered: what is no number as it was typed, for the model's own check to refuse. */
  change(value: number | string): void
  next(now: number, up: boolean): number
}

export const stepper = (options: StepperOptions): ComponentChild => make(Stepper, options)

function Stepper({ label, value, field, placeholder, invalid, change, next }: StepperOptions): VNode {
  const input = useRef<HTMLInputElement>(null)
  const shown = useRef<string | null>(null)
  const isTyped = useRef(false)
  // What is being typed stays, unless the number it was to replace is another now.
  useLayoutEffect(() => {
    if (!isTyped.current || shown.current !== value) input.current!.value = value
    if (shown.current !== value) isTyped.current = false
    shown.current = value
  })
  const set = () => {
    isTyped.current = false
    const text = input.current!.value
    change(text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text))
  }
  const nudge = (up: boolean) => {
    input.current!.value = String(next(Number(input.current!.value || placeholder) || 0, up))
    set()
  }
  const button = (up: boolean) =>
    v(
      'button',
      { type: 'button', tabindex: -1, 'aria-label': `${label}, ${up ? 'more' : 'less'}`, onclick: () => nudge(up) },
      up ? '+' : '−',
    )
  return v(
    'span',
    { class: 'stepper' },
    button(false),
    v('input', {
      ref: input,
      type: 'text',
      inputmode: 'decimal',
      placeholder,
      'data-key': field,
      'aria-label': label,
      'aria-invalid': invalid ? 'true' : undefined,
      style: `width: ${Math.max(34, 7 * Math.max(value.length, placeholder?.length ?? 0) + 10)}px`,
      oninput: () => (isTyped.current = true),
      onchange: set,
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
        event.preventDefault()
        nudge(event.key === 'ArrowUp')
      },
    }),
    button(true),
  )
}
