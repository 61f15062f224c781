/** A modal dialog whose content is made of components, which go when it closes. */
import { render, type VNode } from 'preact'
import { openDialog } from '../ui/dialog.ts'

type Part = (close: () => void) => VNode

export function showDialog(title: string, { body, foot, isNarrow }: { body: Part; foot?: Part; isNarrow?: boolean }): void {
  const dialog = openDialog(title, [], foot ? [''] : [], isNarrow)
  const fill = (selector: string, part: Part | undefined) => {
    const host = dialog.querySelector(selector)
    if (!host || !part) return
    render(
      part(() => dialog.close()),
      host,
    )
    dialog.addEventListener('close', () => render(null, host))
  }
  fill('.dialog-body', body)
  fill('.dialog-foot', foot)
}
