/** A value that can be watched. Listeners hear a change in the next microtask, once for several changes together. */
export interface Store<T extends object> {
  readonly value: T
  set(change: Partial<T>): void
  /** Calls now and whenever what `pick` returns has changed. Returns the way to stop. */
  watch<P>(pick: (value: T) => P, listener: (picked: P, value: T) => void): () => void
}

export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial
  let queued = false
  const watchers = new Set<() => void>()
  return {
    get value() {
      return value
    },
    set(change) {
      value = { ...value, ...change }
      if (queued) return
      queued = true
      queueMicrotask(() => {
        queued = false
        for (const watcher of watchers) watcher()
      })
    },
    watch(pick, listener) {
      let last = pick(value)
      listener(last, value)
      const watcher = () => {
        const next = pick(value)
        if (Object.is(next, last)) return
        last = next
        listener(next, value)
      }
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  }
}
