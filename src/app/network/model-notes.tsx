/** What is wrong with the network before it trains, below its layers. */
import { render } from 'preact'
import { modelNotes } from '../run/model-notes.ts'
import type { Session } from '../run/session.ts'
import { h } from '../ui/dom.ts'
import { language, saidBy } from '../words/language.ts'
import { layerNames } from '../words/layer-names.ts'

export function modelNotesOf(session: Session): HTMLElement {
  const place = h('div', { class: 'model-notes' })
  render(<Notes session={session} />, place)
  return place
}

function Notes({ session }: { session: Session }) {
  void language.value
  const notes = modelNotes.value
  if (notes.length === 0) return null
  const names = layerNames(session.state.value.draft?.layers ?? [])
  return (
    <ul>
      {notes.map(({ sentence, isNote }) => {
        const text = saidBy((path) => names.get(path), sentence)
        return (
          <li key={text} class={isNote ? 'note' : undefined}>
            {text}
          </li>
        )
      })}
    </ul>
  )
}
