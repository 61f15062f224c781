/** While a pointer is pressed nothing moves under it: a click whose control was moved or replaced between press and release is lost. */

let isPressed = false
let release: ReturnType<typeof setTimeout> | undefined
const waiting = new Set<() => void>()

const press = () => {
  clearTimeout(release)
  isPressed = true
}
/** The click comes after the release, in the same task. */
const lift = () => {
  if (!isPressed) return
  clearTimeout(release)
  release = setTimeout(() => {
    isPressed = false
    const works = [...waiting]
    waiting.clear()
    for (const work of works) work()
  })
}

/** To be called once, before the page has controls. */
export function watchPointer(): void {
  const listen = (type: string, listener: (event: Event) => void) => addEventListener(type, listener, { capture: true, passive: true })
  // A finger's mouse events follow its release.
  for (const type of ['pointerdown', 'mousedown']) listen(type, press)
  for (const type of ['pointerup', 'pointercancel', 'mouseup', 'dragend', 'blur']) listen(type, (event) => isOfPointer(event) && lift())
  // Some releases are never heard: those over a list of options, and those outside the window.
  listen('pointermove', (event) => (event as PointerEvent).buttons === 0 && lift())
  for (const type of ['keydown', 'wheel']) listen(type, lift)
}

/** Of `blur`, the window's own alone: a press takes the focus from the field before. */
const isOfPointer = ({ type, target }: Event): boolean => type !== 'blur' || target === window

/** Does the work now; while a pointer is pressed, once it was released and its click was heard. The same function waits once. */
export function whenSteady(work: () => void): void {
  if (isPressed) waiting.add(work)
  else work()
}
