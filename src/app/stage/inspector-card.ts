/** The card of a clicked edge, neuron or branch, and the hint under the pointer: their numbers, read from the GPU a few bytes at a time. */
import type { Observation } from '../../graph/observation.ts'
import { ReaderDestroyed } from '../../inspect/staging.ts'
import type { Layer } from '../../model/types.ts'
import type { Picked } from '../../view/types.ts'
import { byId, h, replace, setText } from '../ui/dom.ts'
import { filterGrid } from './filter-grid.ts'
import { follow } from './follow.ts'
import { icon } from '../ui/icons.ts'
import { read, type Source } from './reading.ts'

export interface InspectorCard {
  select(selection: Picked | null): void
  hover(selection: Picked | null): void
  /** Reads the numbers again. */
  update(): Promise<void>
  /** Another network is shown, or the same one with other groups folded: only there what is selected stays, where it is still to be seen. */
  adopt(observation: Observation, network: readonly Layer[]): void
}

export function inspectorCard(source: Source): InspectorCard {
  const host = byId('inspector')
  const title = h('span')
  const close = h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => select(null) }, icon('close'))
  const values = h('dl')
  const note = h('p', { class: 'formula' })
  const filters = filterGrid()
  const panel = h(
    'section',
    { class: 'glass inspector', hidden: true, 'aria-label': 'Selected' },
    h('header', {}, title, close),
    values,
    filters.element,
    note,
  )
  host.append(panel)
  const tip = h('div', { id: 'tip', class: 'glass', hidden: true })
  document.body.append(tip)
  addEventListener('keydown', ({ key, target, defaultPrevented }) => {
    const isElsewhere = (target as Element).closest('dialog, input, select, textarea, [role=menu]') !== null
    if (key === 'Escape' && !panel.hidden && !defaultPrevented && !isElsewhere) select(null)
  })
  addEventListener('pointermove', (event) => {
    const flip = event.clientX > innerWidth - 240
    tip.style.left = `${event.clientX + (flip ? -14 : 14)}px`
    tip.style.top = `${event.clientY + 16}px`
    tip.style.transform = flip ? 'translateX(-100%)' : ''
  })

  /** What `selected` speaks of. */
  let shown: { observation: Observation; network: string } | null = null
  let selected: Picked | null = null
  let hovered: Picked | null = null
  function select(selection: Picked | null) {
    selected = selection
    // Who closes it by keys goes on in the picture.
    if (selection === null && panel.contains(document.activeElement)) byId('view').focus()
    panel.hidden = selection === null
    if (selection) update().catch(unread)
    showTip().catch(unread)
  }
  async function update() {
    const now = selected
    const observation = source.observation()
    if (!now || !observation) return
    const reading = await read(now, observation, source)
    if (now !== selected || reading === undefined) return
    if (!reading) return select(null)
    setText(title, reading.title)
    setText(note, reading.note)
    filters.show(reading.filters?.of, reading.filters?.selected ?? { row: 0 }, observation.step > 0)
    const names = reading.rows.map((row) => row.name).join()
    if (values.dataset['names'] !== names) {
      values.dataset['names'] = names
      replace(values, ...reading.rows.flatMap((row) => [h('dt', {}, row.name), h('dd', { class: row.big ? 'big' : '' })]))
    }
    const cells = values.querySelectorAll('dd')
    reading.rows.forEach((row, i) => cells[i] && setText(cells[i], row.value))
  }

  async function showTip() {
    const now = hovered
    const observation = source.observation()
    if (!now || !observation || same(now, selected)) {
      tip.hidden = true
      return
    }
    const reading = await read(now, observation, source)
    if (now !== hovered || same(now, selected) || !reading) return
    const numbers = reading.rows.filter((row) => row.big).map((row) => `${row.name} ${row.value}`)
    setText(tip, [reading.title, ...numbers].join('  ·  '))
    tip.hidden = false
  }

  return {
    select,
    async update() {
      await Promise.all([update(), showTip()])
    },
    hover(selection) {
      hovered = selection
      showTip().catch(unread)
    },
    adopt(observation, network) {
      const same = JSON.stringify(network)
      const followed = selected && shown?.network === same ? follow(selected, shown.observation, observation) : null
      shown = { observation, network: same }
      hovered = null
      select(followed)
    },
  }
}

/** What is shown no more need not be read; anything else is told where what goes wrong on the device is looked for. */
const unread = (error: unknown) => {
  if (!(error instanceof ReaderDestroyed)) console.warn(error)
}

const same = (a: Picked, b: Picked | null): boolean => JSON.stringify(a) === JSON.stringify(b)
