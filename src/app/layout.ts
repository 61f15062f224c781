/** Rails that fold; on a narrow window they are sheets opened by tabs. */
import { byId, h } from './dom.ts'
import { icon, type IconName } from './icons.ts'
import type { Insets } from '../view/types.ts'

/** Between the rails and the window's edge, as in the style sheet. */
const margin = 12
/** For the layers' names above the picture. */
const labelRoom = 28
const narrow = matchMedia('(max-width: 900px)')

export interface Layout {
  /** What the panels cover of the canvas, in CSS pixels. */
  insets(): Insets
  toggle(side: 'left' | 'right'): void
}

export function layout(): Layout {
  const rails = { left: byId('build'), right: byId('charts') }
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
    folds[side].title = `${open ? 'Fold' : 'Unfold'} (${side === 'left' ? '[' : ']'})`
  }
  const toggle = (side: 'left' | 'right') => set(side, rails[side].hasAttribute('data-folded'))
  set('left', true)
  set('right', true)
  tabs(rails)
  return { toggle, insets: () => insetsOf(rails) }
}

let legendBottom = 0

function insetsOf(rails: { left: HTMLElement; right: HTMLElement }): Insets {
  const bottom = innerHeight - byId('transport').getBoundingClientRect().top
  if (narrow.matches) {
    const sheet = [rails.left, rails.right].find((rail) => rail.dataset['open'])
    const legend = byId('legend')
    // Opened further it lies over the picture, which keeps its place.
    if (byId('legend-more').hidden) legendBottom = legend.getBoundingClientRect().bottom
    const top = legend.offsetHeight > 0 ? legendBottom : labelRoom
    return { left: 0, right: 0, top, bottom: bottom + (sheet?.offsetHeight ?? 0) }
  }
  const width = (rail: HTMLElement) => (rail.hasAttribute('data-folded') ? 0 : rail.offsetWidth + 2 * margin)
  return { left: width(rails.left), right: width(rails.right), top: 0, bottom }
}

const tabNames: [id: string, text: string, picture: IconName][] = [
  ['data', 'Data', 'data'],
  ['network', 'Network', 'build'],
  ['training', 'Training', 'sliders'],
  ['charts', 'Charts', 'charts'],
]

function tabs(rails: { left: HTMLElement; right: HTMLElement }): void {
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
  }
  function set(rail: HTMLElement, id: string | null) {
    if (id === null) delete rail.dataset['open']
    else rail.dataset['open'] = id
    rail.querySelector('.rail-scroll')?.scrollTo(0, 0)
  }
  byId('view').addEventListener('pointerdown', () => narrow.matches && show(null))
  show(null)
}
