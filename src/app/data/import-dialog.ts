/** What both previews of own data share: a dialog whose data is made when it is asked to train, and which says why it cannot be. */
import { openDialog } from '../ui/dialog.ts'
import { h, isEnabled, setEnabled, setText, type Child } from '../ui/dom.ts'
import { InputError } from '../../errors.ts'
import type { Dataset } from '../../data/types.ts'
import { suggested, type DataToStartOn } from '../run/describe.ts'
import { lossKind } from '../../model/catalogue/losses.ts'

/** Answers with the sentence that refuses the data, or null. */
export type Accept = (dataset: Dataset) => Promise<string | null>

export interface ImportDialog {
  note: HTMLElement
  /** Shows what a preview says, or why it cannot be made. */
  preview(show: () => void): void
  /** Trains, as its button does. */
  start(): Promise<void>
  dialog: HTMLDialogElement
}

export function importDialog(title: string, body: Child[], make: () => Promise<Dataset>, accept: Accept): ImportDialog {
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true })
  const note = h('span', { class: 'note' })
  const train = h(
    'button',
    { type: 'button', class: 'button primary', autofocus: true, onclick: () => isEnabled(train) && void start() },
    'Train on this',
  )
  const cancel = h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Cancel')
  const dialog = openDialog(title, [...body, problem], [note, cancel, train])

  function refuse(message: string | null) {
    problem.hidden = message === null
    setText(problem, message ?? '')
    setEnabled(train, message === null)
    if (message !== null) problem.scrollIntoView({ block: 'nearest' })
  }
  async function start() {
    setEnabled(train, false)
    try {
      const refused = await accept(await make())
      if (refused === null) dialog.close()
      else refuse(refused)
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error))
    }
  }
  return {
    note,
    dialog,
    start,
    preview(show) {
      try {
        show()
        refuse(null)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        refuse(error.message)
      }
    },
  }
}

/** The network and the loss that the data begins with, in a sentence. */
export function startText(data: DataToStartOn): string {
  const { layers, training } = suggested(data)
  const sizes = (type: 'conv2d' | 'dense') =>
    layers
      .flatMap((layer) =>
        layer.type === 'dense' && type === 'dense' ? [layer.units] : layer.type === 'conv2d' && type === 'conv2d' ? [layer.filters] : [],
      )
      .join(', ')
      .replace(/, (\d+)$/, ' and $1')
  const convolutions = sizes('conv2d') === '' ? '' : `convolutions of ${sizes('conv2d')} filters, then `
  return `Begins with ${convolutions}dense layers of ${sizes('dense')} units and the loss ${lossKind(training.loss).title}; both can be changed while it runs.`
}
