/** A table with a row for each layer: its name, two numbers, and how many of its values are not finite. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { nameParts } from '../ui/long-name.ts'

export interface TableRow {
  name: string
  lo: string
  hi: string
  /** Takes the place of the numbers where there are none. */
  odd: string
}

interface TableOptions {
  label: string
  heads: readonly [lo: string, hi: string]
  rows: readonly TableRow[]
  /** Whether it can be seen at all. */
  isShown: boolean
}

export function RowTable({ label, heads: [lo, hi], rows, isShown }: TableOptions) {
  const table = useRef<HTMLDivElement>(null)
  const [isScrolled, setScrolled] = useState(false)
  const names = rows.map(({ name }) => name).join('\n')
  // What scrolls must be within reach of the keyboard. Measured only when the rows change: it lays the page out.
  useLayoutEffect(() => {
    const element = table.current
    if (element) setScrolled(element.scrollHeight > element.clientHeight)
  }, [names, isShown])
  return (
    <div ref={table} class="legend-rows" role="table" aria-label={label} hidden={rows.length === 0} tabIndex={isScrolled ? 0 : undefined}>
      <div role="row">
        <span class="name" role="cell" />
        <span class="lo head" role="columnheader">
          {lo}
        </span>
        <span class="hi head" role="columnheader">
          {hi}
        </span>
      </div>
      {rows.map((row, i) => (
        <Row key={i} {...row} />
      ))}
    </div>
  )
}

function Row({ name, lo, hi, odd }: TableRow) {
  const { around, own } = nameParts(name)
  const isInPlace = odd !== '' && lo === '' && hi === ''
  return (
    <div role="row">
      <span class="name long-name" role="rowheader" title={name}>
        {around !== '' && <bdi class="around">{around}</bdi>}
        <bdi>{own}</bdi>
      </span>
      <span class="lo" role="cell" hidden={isInPlace}>
        {lo}
      </span>
      <span class="hi" role="cell" hidden={isInPlace}>
        {hi}
      </span>
      <span class="odd" role="cell" hidden={odd === ''} data-in-place={isInPlace ? '' : undefined}>
        {odd}
      </span>
    </div>
  )
}
