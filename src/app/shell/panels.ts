/** Rails that fold; on a narrow window they are sheets opened by tabs. */
import { byId, h } from '../ui/dom.ts'
import { freeArea, insetsIn } from '../stage/free-area.ts'
import { icon, type IconName } from '../ui/icons.ts'
import type { Insets } from '../../view/types.ts'

/** Between the rails and the window's edge, as in the style sheet. */
const margin = 12
/** Over the transport, for what the page says of the run; kept free at all times, so that the picture stands still when it comes. */
const captionRoom = { wide: 46, narrow: 66 }
const narrow = matchMedia('(max-width: 900px)')

export interface Layout {
  /** What the panels cover of the canvas, in CSS pixels. */
  insets(): Insets
  toggle(side: 'left' | 'right'): void
  /** Hears when panels may cover another part of the canvas. */
  onChange(listener: () => void): void
}

export function layout(): Layout {
  const rails = { left: byId('build'), right: byId('charts') }
  const listeners = new Set<() => void>()
  const changed = () => listeners.forEach((listener) => listener())
  const folds = { left: fold('left', 'build'), right: fold('right', 'charts') }
  function fold(side: 'left' | 'right', controls: string) {
    const button = h(
      'button',
      { type: 'button', class: `fold fold-${side}`, 'aria-controls': controls, onclick: () => toggle(side) },
      icon(side),
    )
    rails[side].after(button)
    return button
  }
  function set(side: 'left' | 'right', open: boolean) {
    rails[side].toggleAttribute('data-folded', !open)
    document.body.toggleAttribute(`data-folded-${side}`, !open)
    folds[side].setAttribute('aria-expanded', String(open))
    const name = side === 'left' ? 'the run’s settings' : 'the charts'
    folds[side].setAttribute('aria-label', `${open ? 'Fold' : 'Unfold'} ${name}`)
    changed()
    folds[side].title = `${open ? 'Fold' : 'Unfold'} (${side === 'left' ? '[' : ']'})`
  }
  const toggle = (side: 'left' | 'right') => set(side, rails[side].hasAttribute('data-folded'))
  set('left', true)
  set('right', true)
  tabs(rails, changed)
  const observer = new ResizeObserver(changed)
  for (const id of ['legend', 'inspector', 'transport']) observer.observe(byId(id))
  return { toggle, insets: () => insetsOf(rails), onChange: (listener) => void listeners.add(listener) }
}

function insetsOf(rails: { left: HTMLElement; right: HTMLElement }): Insets {
  const window = { width: innerWidth, height: innerHeight }
  const area = { left: 0, top: 0, right: window.width, bottom: byId('transport').getBoundingClientRect().top }
  if (narrow.matches) {
    const sheet = [rails.left, rails.right].find((rail) => rail.dataset['open'])
    area.bottom -= (sheet?.offsetHeight ?? 0) + captionRoom.narrow
  } else {
    const width = (rail: HTMLElement) => (rail.hasAttribute('data-folded') ? 0 : rail.offsetWidth + 2 * margin)
    area.left = width(rails.left)
    area.right -= width(rails.right)
    area.bottom -= captionRoom.wide
  }
  // In a wide window the help lies on a rail.
  const obstacles = ['legend', 'inspector', ...(narrow.matches ? ['brand-actions'] : [])]
    .map((id) => byId(id))
    .filter((panel) => panel.checkVisibility({ visibilityProperty: true }))
    .map((panel) => panel.getBoundingClientRect())
  return insetsIn(window, freeArea(area, obstacles))
}

const tabNames: [id: string, text: string, picture: IconName][] = [
  ['data', 'Data', 'data'],
  ['network', 'Network', 'build'],
  ['training', 'Training', 'sliders'],
  ['charts', 'Charts', 'charts'],
]

function tabs(rails: { left: HTMLElement; right: HTMLElement }, changed: () => void): void {
  let open: string | null = null
  const buttons = tabNames.map(([id, text, picture]) =>
    h(
      'button',
      {
        type: 'button',
        id: `tab-${id}`,
        'aria-controls': id === 'charts' ? 'charts' : 'build',
        onclick: () => show(open === id ? null : id),
      },
      icon(picture),
      text,
    ),
  )
  byId('tabs').append(...buttons)
  function show(id: string | null) {
    open = id
    buttons.forEach((button, i) => {
      const chosen = tabNames[i]?.[0] === id
      button.setAttribute('aria-expanded', String(chosen))
    })
    set(rails.left, id !== null && id !== 'charts' ? id : null)
    set(rails.right, id === 'charts' ? id : null)
    document.body.toggleAttribute('data-sheet', id !== null)
    changed()
  }
  function set(rail: HTMLElement, id: string | null) {
    if (id === null) delete rail.dataset['open']
    else rail.dataset['open'] = id
    rail.querySelector('.rail-scroll')?.scrollTo(0, 0)
  }
  byId('view').addEventListener('pointerdown', () => narrow.matches && show(null))
  show(null)
}
