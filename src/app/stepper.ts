/** A number with − and +. */
import { h } from './dom.ts'

interface StepperOptions {
  /** Of the model file, by which a refusal finds its field. */
  key: string
  /** What holds where nothing is entered. */
  placeholder?: string
  /** Hears what was entered: what is no number as it was typed, for the model's own check to refuse. */
  change(value: number | string): void
  next(now: number, up: boolean): number
}

export function stepper(label: string, value: string, { key, placeholder, change, next }: StepperOptions): HTMLElement {
  const set = () => change(input.value.trim() === '' || Number.isNaN(Number(input.value)) ? input.value : Number(input.value))
  const nudge = (up: boolean) => {
    input.value = String(next(Number(input.value || placeholder) || 0, up))
    set()
  }
  const input = h('input', {
    type: 'text',
    inputmode: 'decimal',
    value,
    placeholder,
    'data-key': key,
    'aria-label': label,
    style: `width: ${Math.max(34, 7 * Math.max(value.length, placeholder?.length ?? 0) + 10)}px`,
    onchange: set,
    onkeydown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
      event.preventDefault()
      nudge(event.key === 'ArrowUp')
    },
  })
  return h(
    'span',
    { class: 'stepper' },
    h('button', { type: 'button', tabindex: -1, 'aria-label': `${label}, less`, onclick: () => nudge(false) }, '−'),
    input,
    h('button', { type: 'button', tabindex: -1, 'aria-label': `${label}, more`, onclick: () => nudge(true) }, '+'),
  )
}
