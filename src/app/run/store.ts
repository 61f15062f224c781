/** A value that can be watched. Listeners hear a change in the next microtask, once for several changes together. */
import { signal, type ReadonlySignal } from '@preact/signals'

export interface Store<T extends object> {
  readonly value: T
  /** The same for components and effects, which follow what they read of it. */
  readonly signal: ReadonlySignal<T>
  set(change: Partial<T>): void
  /** Calls now and whenever what `pick` returns has changed. Returns the way to stop. */
  watch<P>(pick: (value: T) => P, listener: (picked: P, value: T) => void): () => void
}

export function createStore<T extends object>(initial: T): Store<T> {
  const current = signal(initial)
  let queued = false
  const watchers = new Set<() => void>()
  return {
    get value() {
      return current.peek()
    },
    signal: current,
    set(change) {
      current.value = { ...current.peek(), ...change }
      if (queued) return
      queued = true
      queueMicrotask(() => {
        queued = false
        for (const watcher of watchers) watcher()
      })
    },
    watch(pick, listener) {
      let last = pick(current.peek())
      listener(last, current.peek())
      const watcher = () => {
        const next = pick(current.peek())
        if (Object.is(next, last)) return
        last = next
        listener(next, current.peek())
      }
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  }
}
