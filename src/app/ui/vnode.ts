/** Making virtual nodes with the calls of `dom.ts`: Preact brings the page's own elements to them, in place. */
import { h as make, type ComponentChild, type VNode } from 'preact'
import { iconPath, type IconName } from './icons.ts'

/** `v('button', { class: 'quiet', onclick: go }, 'Go')`; elements that must stay the same among their neighbours have a `key`. */
export const v = (tag: string, attributes: Record<string, unknown>, ...children: ComponentChild[]): VNode =>
  make(tag, attributes as never, ...children)

export const vIcon = (name: IconName): VNode =>
  v(
    'svg',
    { viewBox: '0 0 16 16', class: `icon icon-${name}`, 'aria-hidden': 'true', focusable: 'false' },
    v('path', { d: iconPath(name), fill: name === 'play' ? 'currentColor' : 'none' }),
  )

/** A choice of a few; shows `value`, whatever was chosen. */
export const vSelect = (
  label: string,
  options: readonly { value: string; text: string }[],
  value: string,
  onChange: (value: string) => void,
): VNode =>
  v(
    'select',
    { 'aria-label': label, value, onchange: (event: Event) => onChange((event.target as HTMLSelectElement).value) },
    ...options.map((option) => v('option', { key: option.value, value: option.value }, option.text)),
  )
