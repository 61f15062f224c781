/** A modal dialog with a heading, a body and a foot; Escape and the backdrop close it. */
import { h, type Child } from './dom.ts'
import { icon } from './icons.ts'

export function openDialog(title: string, body: Child[], foot: Child[] = [], narrow = false): HTMLDialogElement {
  const close = h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => dialog.close() }, icon('close'))
  const dialog = h(
    'dialog',
    { 'aria-label': title, class: narrow ? 'narrow' : '' },
    h('header', { class: 'dialog-head' }, h('h2', {}, title), close),
    h('div', { class: 'dialog-body' }, ...body),
    foot.length > 0 && h('footer', { class: 'dialog-foot' }, ...foot),
  )
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}
