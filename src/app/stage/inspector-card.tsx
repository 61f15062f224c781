/** The card of a clicked edge, neuron or branch, and the hint under the pointer: their numbers, read from the GPU a few bytes at a time. */
import { signal, type ReadonlySignal } from '@preact/signals'
import { Fragment, render } from 'preact'
import type { Observation } from '../../graph/observation.ts'
import { ReaderDestroyed } from '../../inspect/staging.ts'
import type { Layer } from '../../model/types.ts'
import type { Trainer } from '../../train/types.ts'
import { same } from '../../same.ts'
import type { Picked } from '../../view/types.ts'
import { byId, h, setText } from '../ui/dom.ts'
import { Icon } from '../ui/elements.tsx'
import { t } from '../words/language.ts'
import { checkableOf, type Checkable } from './checkable.ts'
import { FilterImages } from './filter-images.tsx'
import { follow } from './follow.ts'
import { GradientCheckRows } from './gradient-checks.tsx'
import { read, type Reading, type Source } from './reading.ts'

export interface InspectorCard {
  select(selection: Picked | null): void
  hover(selection: Picked | null): void
  /** Reads the numbers again. */
  update(): Promise<void>
  /** Another network is shown, or the same one with other groups open: the selection stays only where it is still shown. */
  adopt(observation: Observation, network: readonly Layer[]): void
}

/** What was read, and whether a step had computed gradients by then. */
interface Content {
  reading: Reading
  checkable: Checkable[]
  isComputed: boolean
}

export function inspectorCard(source: Source): InspectorCard {
  const host = byId('inspector')
  const content = signal<Content | null>(null)
  render(<Card content={content} trainer={() => source.trainer()} close={() => select(null)} />, host)
  const tip = h('div', { id: 'tip', class: 'glass', hidden: true })
  document.body.append(tip)
  addEventListener('keydown', ({ key, target, defaultPrevented }) => {
    const isElsewhere = (target as Element).closest('dialog, input, select, textarea, [role=menu]') !== null
    if (key === 'Escape' && selected && !defaultPrevented && !isElsewhere) select(null)
  })
  addEventListener('pointermove', (event) => {
    const flip = event.clientX > innerWidth - 240
    tip.style.left = `${event.clientX + (flip ? -14 : 14)}px`
    tip.style.top = `${event.clientY + 16}px`
    tip.style.transform = flip ? 'translateX(-100%)' : ''
  })

  /** The network that `selected` belongs to. */
  let adopted: { observation: Observation; network: readonly Layer[] } | null = null
  let selected: Picked | null = null
  let hovered: Picked | null = null
  function select(selection: Picked | null) {
    selected = selection
    if (selection === null) {
      // Closed by keys, the focus goes back to the picture.
      if (host.contains(document.activeElement)) byId('view').focus()
      content.value = null
    } else update().catch(unread)
    showTip().catch(unread)
  }
  async function update() {
    const now = selected
    const observation = source.observation()
    if (!now || !observation) return
    const reading = await read(now, observation, source)
    if (now !== selected || reading === undefined) return
    if (!reading) return select(null)
    content.value = { reading, isComputed: observation.step > 0, checkable: checkableOf(now, observation) }
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
      const isSame = adopted !== null && same(adopted.network, network)
      const followed = selected && adopted && isSame ? follow(selected, adopted.observation, observation) : null
      adopted = { observation, network: structuredClone(network) }
      hovered = null
      select(followed)
    },
  }
}

interface CardProps {
  content: ReadonlySignal<Content | null>
  trainer(): Trainer | null
  close(): void
}

function Card({ content, trainer, close }: CardProps) {
  const { reading, isComputed = false, checkable = [] } = content.value ?? {}
  return (
    <section class="glass inspector" hidden={!reading} aria-label={t('stage.selected')}>
      <header>
        <span>{reading?.title}</span>
        <button type="button" class="icon-button" aria-label={t('page.close')} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <dl>
        {reading?.rows.map(({ name, value, big }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd class={big ? 'big' : undefined}>{value}</dd>
          </Fragment>
        ))}
      </dl>
      <FilterImages filters={reading?.filters?.of} chosen={reading?.filters?.selected ?? firstRow} isComputed={isComputed} />
      <p class="formula">{reading?.note}</p>
      <GradientCheckRows of={checkable} trainer={trainer()} />
    </section>
  )
}

const firstRow = { row: 0 }

/** What is no longer shown need not be read; other errors are warned of. */
const unread = (error: unknown) => {
  if (!(error instanceof ReaderDestroyed)) console.warn(error)
}
