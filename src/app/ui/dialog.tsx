/** Modal dialogs made of components: a heading, a body and a foot. Escape, the backdrop and a button close them. */
import { createContext, render, type ComponentChildren, type VNode } from 'preact'
import { useContext, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../words/language.ts'
import { h } from './dom.ts'
import { Icon } from './elements.tsx'

const Closed = createContext<() => void>(() => {})

/**
 * Opens a dialog: `content` gives a `Dialog`, or a component that does, and is handed the way to close it. Once closed it is unmounted, so that its
 * effects end; the browser gives the focus back to what had it before.
 */
export function showDialog(content: (close: () => void) => VNode): void {
  const host = h('div', { style: 'display: contents' })
  const close = () => host.querySelector('dialog')?.close()
  const unmount = () => {
    render(null, host)
    host.remove()
  }
  document.body.append(host)
  render(<Closed.Provider value={unmount}>{content(close)}</Closed.Provider>, host)
}

export interface DialogProps {
  title: string
  narrow?: boolean
  foot?: ComponentChildren
  children: ComponentChildren
}

export function Dialog({ title, narrow = false, foot, children }: DialogProps): VNode {
  const closed = useContext(Closed)
  const dialog = useRef<HTMLDialogElement>(null)
  const isPressedBeside = useRef(false)
  useLayoutEffect(() => dialog.current?.showModal(), [])
  const close = () => dialog.current?.close()
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      class={narrow ? 'narrow' : ''}
      onClose={closed}
      // A slider that is dragged beyond the dialog and let go there clicks on the backdrop too.
      onPointerDown={(event) => (isPressedBeside.current = event.target === dialog.current)}
      onClick={(event) => event.target === dialog.current && isPressedBeside.current && close()}
    >
      <header class="dialog-head">
        <h2>{title}</h2>
        <button type="button" class="icon-button" aria-label={t('page.close')} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="dialog-body">{children}</div>
      {foot && <footer class="dialog-foot">{foot}</footer>}
    </dialog>
  )
}
