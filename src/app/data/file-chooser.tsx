/** A button that lets files, or a folder, be chosen. */
import type { ComponentChildren, VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { chosenFrom, type Chosen } from './chosen-files.ts'

interface FileChooserProps {
  id?: string
  class: string
  /** Of the input behind the button. */
  label: string
  what: 'files' | 'folder'
  /** Names of files that are offered. */
  accept?: string
  take: (chosen: Chosen[]) => void
  children: ComponentChildren
}

export function FileChooser({ id, class: className, label, what, accept, take, children }: FileChooserProps): VNode {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class={className} {...(id !== undefined && { id })} onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        {...(what === 'folder' ? { webkitdirectory: true } : { multiple: true })}
        {...(accept !== undefined && { accept })}
        onChange={({ currentTarget }) => {
          take(chosenFrom(currentTarget.files))
          currentTarget.value = ''
        }}
      />
    </>
  )
}
