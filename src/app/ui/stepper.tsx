/** A number with − and +. */
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../words/language.ts'

interface StepperProps {
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

export function Stepper({ label, value, field, placeholder, invalid, change, next }: StepperProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  const shown = useRef<string | null>(null)
  const isTyped = useRef(false)
  // What is being typed stays, unless the number it was to replace is another now.
  useLayoutEffect(() => {
    if (input.current && (!isTyped.current || shown.current !== value)) input.current.value = value
    if (shown.current !== value) isTyped.current = false
    shown.current = value
  })
  const set = () => {
    isTyped.current = false
    const text = input.current?.value ?? ''
    change(text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text))
  }
  const nudge = (up: boolean) => {
    if (!input.current) return
    input.current.value = String(next(Number(input.current.value || placeholder) || 0, up))
    set()
  }
  const button = (up: boolean) => (
    <button type="button" tabIndex={-1} aria-label={t(up ? 'network.more' : 'network.less', { name: label })} onClick={() => nudge(up)}>
      {up ? '+' : '−'}
    </button>
  )
  return (
    <span class="stepper">
      {button(false)}
      <input
        ref={input}
        type="text"
        inputMode="decimal"
        placeholder={placeholder}
        data-key={field}
        aria-label={label}
        aria-invalid={invalid || undefined}
        style={`width: ${Math.max(34, 7 * Math.max(value.length, placeholder?.length ?? 0) + 10)}px`}
        onInput={() => (isTyped.current = true)}
        onChange={set}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
          event.preventDefault()
          nudge(event.key === 'ArrowUp')
        }}
      />
      {button(true)}
    </span>
  )
}
