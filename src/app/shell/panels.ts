/** Rails that can be hidden; on a narrow window they are sheets opened by tabs. */
import { computed, effect } from '@preact/signals'
import { display } from '../run/display.ts'
import type { State } from '../run/state.ts'
import type { Store } from '../run/store.ts'
import { byId, h } from '../ui/dom.ts'
import { freeArea, insetsIn } from '../stage/free-area.ts'
import { icon, type IconName } from '../ui/icons.ts'
import { narrow } from '../ui/narrow.ts'
import { t } from '../words/language.ts'
import type { Insets } from '../../view/types.ts'
import type { PlainCode } from '../../words/say.ts'

/** Between the rails and the window's edge, as in the style sheet. */
const margin = 12
/** Room above the transport for captions, always kept free so that the picture does not move when one appears. */
const captionRoom = { wide: 46, narrow: 66 }

type Side = 'left' | 'right'

export interface Panels {
  /** What the panels cover of the canvas, in CSS pixels. */
  insets(): Insets
  toggle(side: Side): void
  /** Calls when panels may cover another part of the canvas. */
  onChange(listener: () => void): void
}

export function panels(state: Store<State>): Panels {
  const rails = { left: byId('build'), right: byId('charts'), drawer: byId('answers') }
  const listeners = new Set<() => void>()
  const changed = () => listeners.forEach((listener) => listener())
  const left = railButton('left', rails.left, state, changed)
  const right = railButton('right', rails.right, state, changed)
  tabs(state, rails, changed)
  // What lies over the picture stands above the drawer, however tall it is.
  new ResizeObserver(() => {
    document.body.style.setProperty('--answers', `${rails.drawer.offsetHeight}px`)
    changed()
  }).observe(rails.drawer)
  const observer = new ResizeObserver(changed)
  for (const id of ['legend', 'inspector', 'transport']) observer.observe(byId(id))
  const toggles = { left, right }
  return {
    toggle: (side) => toggles[side](),
    insets: () => insetsOf(rails),
    onChange: (listener) => void listeners.add(listener),
  }
}

const hides = { left: 'shell.collapseLeft', right: 'shell.collapseRight' } as const
const shows = { left: 'shell.openLeft', right: 'shell.openRight' } as const

/** The button at a rail's edge that hides and shows it. Returns what it does. */
function railButton(side: Side, rail: HTMLElement, state: Store<State>, changed: () => void): () => void {
  const isOpen = computed(() => state.signal.value.display[side])
  const toggle = () => display(state, { [side]: !isOpen.value })
  const button = h('button', { type: 'button', class: `fold fold-${side}`, 'aria-controls': rail.id, onclick: toggle }, icon(side))
  rail.after(button)
  effect(() => {
    rail.toggleAttribute('data-folded', !isOpen.value)
    document.body.toggleAttribute(`data-folded-${side}`, !isOpen.value)
    changed()
  })
  effect(() => {
    const key = side === 'left' ? '[' : ']'
    button.setAttribute('aria-expanded', String(isOpen.value))
    button.setAttribute('aria-label', t(isOpen.value ? hides[side] : shows[side]))
    button.title = t(isOpen.value ? 'shell.collapseKey' : 'shell.openKey', { key })
  })
  return toggle
}

/** The rails at the sides and the drawer below the picture. */
type Rails = Readonly<Record<Side | 'drawer', HTMLElement>>

function insetsOf(rails: Rails): Insets {
  const window = { width: innerWidth, height: innerHeight }
  const area = { left: 0, top: 0, right: window.width, bottom: byId('transport').getBoundingClientRect().top }
  if (narrow.matches) {
    const sheet = Object.values(rails).find((rail) => rail.dataset['open'])
    area.bottom -= (sheet?.offsetHeight ?? 0) + captionRoom.narrow
  } else {
    const width = (rail: HTMLElement) => (rail.hasAttribute('data-folded') ? 0 : rail.offsetWidth + 2 * margin)
    area.left = width(rails.left)
    area.right -= width(rails.right)
    area.bottom = rails.drawer.getBoundingClientRect().top - captionRoom.wide
  }
  // In a wide window the help lies on a rail.
  const obstacles = ['legend', 'inspector', ...(narrow.matches ? ['brand-actions'] : [])]
    .map((id) => byId(id))
    .filter((panel) => panel.checkVisibility({ visibilityProperty: true }))
    .map((panel) => panel.getBoundingClientRect())
  return insetsIn(window, freeArea(area, obstacles))
}

const tabNames: [id: string, text: PlainCode, picture: IconName][] = [
  ['data', 'page.data', 'data'],
  ['network', 'page.network', 'build'],
  ['training', 'page.training', 'sliders'],
  ['charts', 'page.charts', 'charts'],
  ['answers', 'answers.tab', 'health'],
]

/** The sheet that a tab opens. */
const sheetOf = (id: string): keyof Rails => (id === 'answers' ? 'drawer' : id === 'charts' ? 'right' : 'left')

function tabs(state: Store<State>, rails: Rails, changed: () => void): void {
  let open: string | null = null
  const buttons = tabNames.map(([id, text, picture]) =>
    h(
      'button',
      { type: 'button', id: `tab-${id}`, 'aria-controls': rails[sheetOf(id)].id, onclick: () => show(open === id ? null : id) },
      icon(picture),
      () => t(text),
    ),
  )
  byId('tabs').append(...buttons)
  function show(id: string | null) {
    open = id
    buttons.forEach((button, i) => {
      const chosen = tabNames[i]?.[0] === id
      button.setAttribute('aria-expanded', String(chosen))
    })
    for (const [side, rail] of Object.entries(rails)) {
      if (id !== null && sheetOf(id) === side) rail.dataset['open'] = id
      else delete rail.dataset['open']
      rail.querySelector('.rail-scroll')?.scrollTo(0, 0)
    }
    if (id === 'answers' && state.value.display.question === null) display(state, { question: 'rate' })
    document.body.toggleAttribute('data-sheet', id !== null)
    changed()
  }
  byId('view').addEventListener('pointerdown', () => narrow.matches && show(null))
  show(null)
}
