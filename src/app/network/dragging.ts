/** Layers dragged to another place of the list, into a group or out of it. */
import { placeOfPath, type Place } from './layer-tree.ts'

export function dragging(list: HTMLElement, move: (path: string, to: Place) => void): void {
  let from: HTMLElement | null = null
  const rowAt = (event: Event) => (event.target as Element).closest<HTMLElement>('[data-layer]')
  const clear = () => list.querySelectorAll('.target, .target-after').forEach((row) => row.classList.remove('target', 'target-after'))

  /** Where what is dragged would be put: before or after the row under the pointer, or in a group's list that is empty. */
  const aim = (event: DragEvent): { row: Element; after: boolean; to: Place } | null => {
    const own = (event.target as Element).closest<HTMLElement>('.inside-head')
    const inner = own?.nextElementSibling as HTMLElement | null | undefined
    if (own && inner?.dataset['list']) return { row: own, after: true, to: { list: inner.dataset['list'], index: 0 } }
    const row = rowAt(event)
    if (!row) return null
    const { top, height } = (row.querySelector('.layer-head') ?? row).getBoundingClientRect()
    const after = event.clientY > top + height / 2
    const { list: target, index } = placeOfPath(row.dataset['layer']!)
    return { row, after, to: { list: target, index: index + (after ? 1 : 0) } }
  }

  list.addEventListener('dragstart', (event) => {
    from = rowAt(event)
    if (!from || (event.target as Element).closest('input')) return
    from.classList.add('dragged')
    event.dataTransfer?.setData('text/plain', 'layer')
  })
  list.addEventListener('dragover', (event) => {
    if (!from) return
    event.preventDefault()
    clear()
    const target = aim(event)
    target?.row.classList.add(target.after ? 'target-after' : 'target')
  })
  list.addEventListener('drop', (event) => {
    const target = from && aim(event)
    if (!from || !target) return
    event.preventDefault()
    event.stopPropagation()
    move(from.dataset['layer']!, target.to)
  })
  list.addEventListener('dragend', () => {
    from?.classList.remove('dragged')
    from = null
    clear()
  })
}
