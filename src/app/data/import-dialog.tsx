/** What the dialogs of own data share: the data are made when they are to be trained on, and why they cannot be is said. */
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals'
import type { ComponentChildren, VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Dataset } from '../../data/types.ts'
import { InputError } from '../../errors.ts'
import { Dialog } from '../ui/dialog.tsx'
import { t } from '../words/language.ts'
import { problemText } from './told.ts'

/** Answers with the sentence that refuses the data, or null. */
export type Accept = (dataset: Dataset) => Promise<string | null>

export interface Training {
  isStarting: ReadonlySignal<boolean>
  /** Why what is chosen now was not trained on, or null. */
  refused: ReadonlySignal<unknown>
  /** Makes the data, trains on them and closes the dialog, unless they are refused. */
  start(): Promise<void>
}

/** `choices` is another object after each choice, which may mend what was refused. */
export function useTraining(choices: ReadonlySignal<object>, make: () => Promise<Dataset>, accept: Accept, close: () => void): Training {
  const isStarting = useSignal(false)
  const latest = useSignal<{ choices: object; problem: unknown } | null>(null)
  const refused = useComputed(() => (latest.value?.choices === choices.value ? latest.value.problem : null))
  const start = async () => {
    if (isStarting.peek()) return
    const refuse = (problem: unknown) => (latest.value = problem === null ? null : { choices: choices.peek(), problem })
    isStarting.value = true
    refuse(null)
    // The button shows that it was pressed before the data are made.
    await new Promise((resolve) => setTimeout(resolve))
    try {
      const problem = await accept(await make())
      if (problem === null) return close()
      refuse(problem)
    } catch (error) {
      refuse(error)
    } finally {
      isStarting.value = false
    }
  }
  return { isStarting, refused, start }
}

/** What follows from the choices; where they cannot be, why, beside what followed from the latest that could. */
export function usePreview<Preview>(make: () => Preview): ReadonlySignal<{ preview: Preview | null; problem: InputError | null }> {
  const latest = useRef<Preview | null>(null)
  return useComputed(() => {
    try {
      latest.current = make()
      return { preview: latest.current, problem: null }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return { preview: latest.current, problem: error }
    }
  })
}

interface ImportDialogProps {
  title: string
  note: string
  /** Why what is chosen cannot be trained on, or null. */
  problem: unknown
  training: Training
  close: () => void
  children: ComponentChildren
}

export function ImportDialog({
  title,
  note,
  problem,
  training: { isStarting, refused, start },
  close,
  children,
}: ImportDialogProps): VNode {
  const told = problem ?? refused.value
  const isReady = told === null && !isStarting.value
  return (
    <Dialog
      title={title}
      foot={
        <>
          <span class="note">{note}</span>
          <button type="button" class="button" onClick={close}>
            {t('files.cancel')}
          </button>
          <button type="button" class="button primary" autofocus aria-disabled={!isReady} onClick={() => isReady && void start()}>
            {t('files.train')}
          </button>
        </>
      }
    >
      {children}
      <Refusal problem={told} />
    </Dialog>
  )
}

/** Brought to sight when there is something to say. */
function Refusal({ problem }: { problem: unknown }): VNode {
  const element = useRef<HTMLParagraphElement>(null)
  useLayoutEffect(() => {
    if (problem !== null) element.current?.scrollIntoView({ block: 'nearest' })
  }, [problem])
  return (
    <p ref={element} class="problem" role="alert" hidden={problem === null}>
      {problem === null ? '' : problemText(problem)}
    </p>
  )
}

/** What will be done to the data, a sentence an item. */
export const Done = ({ notes }: { notes: readonly string[] }): VNode => (
  <>
    <h3>{t('files.done')}</h3>
    <div class="notes" style="margin: 0">
      <ul>
        {notes.map((note, i) => (
          <li key={i}>{note}</li>
        ))}
      </ul>
    </div>
  </>
)
