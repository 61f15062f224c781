/** A row of the training panel. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import type { Description } from '../run/state.ts'
import { t } from '../words/language.ts'
import type { ChoiceRow, Label, NumberRow, Row } from './rows.ts'

/** Makes a change to the description, as an edit of this field. */
export type Edit = (change: (draft: Description) => void, field: string) => void

interface RowProps<Own extends Row = Row> {
  row: Own
  draft: Description
  edit: Edit
  isWrong: boolean
}

const textOf = (label: Label): string => (typeof label === 'string' ? t(label) : label.name)
const typed = (text: string): number => (text.trim() === '' || Number.isNaN(Number(text)) ? (text as unknown as number) : Number(text))

export function RowView({ row, ...props }: RowProps): JSX.Element {
  return (
    <div class={`field-row${'decades' in row && row.decades ? ' with-slider' : ''}`} data-row={row.name} title={row.about && t(row.about)}>
      <span class="field-name">{textOf(row.label)}</span>
      <span class="field-control">{row.kind === 'choice' ? <Choice row={row} {...props} /> : <NumberField row={row} {...props} />}</span>
    </div>
  )
}

function Choice({ row, draft, edit, isWrong }: RowProps<ChoiceRow>): JSX.Element {
  return (
    <select
      aria-label={textOf(row.label)}
      aria-invalid={isWrong}
      value={row.read(draft)}
      onChange={({ currentTarget: { value } }) => edit((next) => row.write(next, value), row.name)}
    >
      {row.options.map(({ value, text }) => (
        <option key={value} value={value}>
          {textOf(text)}
        </option>
      ))}
    </select>
  )
}

function NumberField({ row, draft, edit, isWrong }: RowProps<NumberRow>): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  const shown = useRef<string | null>(null)
  const isTyped = useRef(false)
  const value = String(row.read(draft) ?? '')
  // What is being typed stays, unless the number it was to replace is another now.
  useLayoutEffect(() => {
    if (!input.current || (isTyped.current && shown.current === value)) return
    isTyped.current = false
    shown.current = value
    input.current.value = value
  })
  const write = (number: number) => edit((next) => row.write(next, number), row.name)
  const commit = () => {
    if (!isTyped.current || !input.current) return
    isTyped.current = false
    write(typed(input.current.value))
  }
  return (
    <>
      {row.decades && (
        <Slider label={t('training.learningRate.slider')} value={Number(row.read(draft))} decades={row.decades} write={write} />
      )}
      <input
        ref={input}
        type="text"
        inputMode="decimal"
        aria-label={textOf(row.label)}
        aria-invalid={isWrong}
        onInput={() => (isTyped.current = true)}
        onChange={commit}
        onKeyDown={({ key }) => key === 'Enter' && commit()}
      />
    </>
  )
}

interface SliderProps {
  label: string
  value: number
  decades: NonNullable<NumberRow['decades']>
  write(value: number): void
}

/** Over powers of ten. */
function Slider({ label, value, decades: { lowest, highest }, write }: SliderProps): JSX.Element {
  const slider = useRef<HTMLInputElement>(null)
  const exponent = Math.log10(value)
  useLayoutEffect(() => {
    const element = slider.current
    if (!element) return
    if (Number.isFinite(exponent)) element.value = String(exponent)
    element.style.setProperty('--filled', `${(100 * (Number(element.value) - lowest)) / (highest - lowest)}%`)
  })
  return (
    <input
      ref={slider}
      type="range"
      min={lowest}
      max={highest}
      step={0.05}
      aria-label={label}
      aria-valuetext={String(value)}
      onInput={({ currentTarget }) => write(Number((10 ** Number(currentTarget.value)).toPrecision(2)))}
    />
  )
}
