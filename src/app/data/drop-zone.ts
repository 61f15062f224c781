/** Files dropped anywhere on the page. */
import { t } from '../words/language.ts'
import { byId, h } from '../ui/dom.ts'
import { chosenFromDrop, type Chosen } from './chosen-files.ts'
import { withProgress } from './progress.ts'
import { problemText } from './told.ts'

/** So many files are found between one word of it and the next. */
const toldEvery = 2000

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
    withProgress((tell) =>
      chosenFromDrop(event.dataTransfer, (count) => count % toldEvery === 0 && tell(t('files.progress.found', { count }))),
    ).then(open, (error: unknown) => refuse(problemText(error)))
  })
  document.body.append(
    h(
      'div',
      { id: 'drop-hint', 'aria-hidden': true },
      h('span', {}, () => t('files.drop')),
    ),
  )
  byId('view').addEventListener('dragstart', (event) => event.preventDefault())
}
