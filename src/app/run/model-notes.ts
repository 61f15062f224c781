/** What the lint of the model in the rail says, to stand beside it; it is loaded after the page's first step. */
import { signal } from '@preact/signals'
import type { Message } from '../../words/say.ts'

export interface ModelNote {
  sentence: Message
  /** Nothing is wrong, but something is of no use. */
  isNote: boolean
}

export const modelNotes = signal<readonly ModelNote[]>([])
