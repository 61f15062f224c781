/** What the tuner found, kept by the browser for this page's next visit. */
import type { TuningRecord, TuningStore } from '../../kernels/tuner.ts'

const place = 'gradscope kernels'

/** Throws where the browser keeps nothing (a private window, storage that is full); the tuner goes on without. */
export const browserTuning: TuningStore = {
  read: async (key) => {
    const kept = JSON.parse(localStorage.getItem(place) ?? '{}') as Record<string, Record<string, TuningRecord>>
    return kept[key]
  },
  // What older shaders or another adapter left is of no use here any more.
  write: async (key, findings) => localStorage.setItem(place, JSON.stringify({ [key]: findings })),
}
