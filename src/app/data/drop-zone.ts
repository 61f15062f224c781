/** Files dropped anywhere on the page. */
import { chosenFromDrop, type Chosen } from './chosen-files.ts'
import { byId, h } from '../ui/dom.ts'

/** `open` hears what was dropped, `refuse` why it cannot be read. */
export function dropping(open: (chosen: Chosen[]) => void, refuse: (message: string) => void): void {
  let depth = 0
  const files = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
  const show = (by: number) => {
    depth = Math.max(0, depth + by)
    document.body.toggleAttribute('data-dragging', depth > 0)
  }
  addEventListener('dragenter', (event) => files(event) && show(1))
  addEventListener('dragleave', (event) => files(event) && show(-1))
  addEventListener('dragover', (event) => files(event) && event.preventDefault())
  addEventListener('drop', (event) => {
    if (!files(event)) return
    event.preventDefault()
    show(-depth)
    chosenFromDrop(event.dataTransfer).then(open, (error: unknown) => refuse(error instanceof Error ? error.message : String(error)))
  })
  document.body.append(
    h(
      'div',
      { id: 'drop-hint', 'aria-hidden': true },
      h('span', {}, 'Drop CSV, JSON, IDX, CIFAR-10, a folder or ZIP of images, or a model'),
    ),
  )
  byId('view').addEventListener('dragstart', (event) => event.preventDefault())
}
