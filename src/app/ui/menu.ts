/** A menu that opens at a button: arrow keys move in it, Escape and a click elsewhere close it. Without items it says `nothing`. */
import { h } from './dom.ts'

export interface MenuItem {
  text: string
  note?: string
  /** Items of another group than the one before are set apart. */
  group?: string
  /** Of a choice of one: whether this is chosen. The menu opens at the one that is. */
  isChosen?: boolean
  choose(): void
}

/** Space left to the window's edges, in CSS pixels. */
const margin = 8

export function openMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[], nothing = ''): void {
  const close = () => {
    menu.remove()
    removeEventListener('pointerdown', outside, true)
    anchor.setAttribute('aria-expanded', 'false')
  }
  const outside = (event: Event) => {
    if (!menu.contains(event.target as Node)) close()
  }
  const buttons = items.map((item, i) =>
    h(
      'button',
      {
        type: 'button',
        role: item.isChosen === undefined ? 'menuitem' : 'menuitemradio',
        'aria-checked': item.isChosen === undefined ? null : String(item.isChosen),
        tabindex: -1,
        class: i > 0 && item.group !== items[i - 1]!.group ? 'apart' : '',
        onclick: () => {
          close()
          item.choose()
        },
      },
      h('span', {}, item.text),
      item.note && h('span', { class: 'unit' }, item.note),
      item.isChosen && h('span', { class: 'unit', 'aria-hidden': 'true' }, '✓'),
    ),
  )
  const move = (by: number) => {
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[(now + by + buttons.length) % buttons.length]?.focus()
  }
  const menu = h(
    'div',
    {
      class: 'menu',
      // In the top layer, whatever lies around it clips or moves; in the landmark of its button.
      popover: 'manual',
      role: 'menu',
      'aria-label': label,
      onkeydown: (event: KeyboardEvent) => {
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
        if (by) move(by)
        else if (event.key === 'Home') buttons[0]?.focus()
        else if (event.key === 'End') buttons.at(-1)?.focus()
        else if (event.key === 'Escape' || event.key === 'Tab') {
          close()
          anchor.focus()
        } else return
        event.preventDefault()
        event.stopPropagation()
      },
    },
    ...(buttons.length > 0 ? buttons : [h('p', { class: 'unit' }, nothing)]),
  )
  ;(anchor.closest('aside, main, nav, dialog') ?? document.body).append(menu)
  menu.showPopover()
  const at = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const below = at.bottom + 4
  const top = below + height <= innerHeight - margin ? below : Math.max(margin, at.top - 4 - height)
  menu.style.left = `${Math.max(margin, Math.min(at.left, innerWidth - width - margin))}px`
  menu.style.top = `${top}px`
  anchor.setAttribute('aria-expanded', 'true')
  addEventListener('pointerdown', outside, true)
  const chosen = items.findIndex(({ isChosen }) => isChosen)
  buttons[Math.max(0, chosen)]?.focus()
}
