/** Says over the stage what is being made while something is missing there; the page begins with it. */
import { effect, signal } from '@preact/signals'
import type { Message } from '../../words/say.ts'
import { byId, setText } from '../ui/dom.ts'
import { said } from '../words/language.ts'

const missing = signal<Message | null>(null)
let isFollowed = false

/** `null`: nothing is missing. */
export function tellMissing(what: Message | null): void {
  missing.value = what
  if (isFollowed) return
  isFollowed = true
  effect(() => {
    byId('waiting').hidden = missing.value === null
    setText(byId('waiting-for'), missing.value ? said(missing.value) : '')
  })
}
