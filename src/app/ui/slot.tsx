/** A place for an element that is not Preact's own, which may move from one place to another. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'

export function Slot({ element }: { element: HTMLElement }): JSX.Element {
  const host = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (element.parentNode !== host.current) host.current?.append(element)
  })
  return <div class="slot" ref={host} />
}
