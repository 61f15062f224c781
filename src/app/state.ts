/** What the page knows: the run as it is described in the left rail, and how the run at hand fares. */
import type { Dataset } from '../data/types.ts'
import type { Layer, Training } from '../model/types.ts'
import { createStore, type Store } from './store.ts'

/** What the left rail edits, and what undo goes back to. */
export interface Description {
  /** Shape of one sample as the network takes it; null: as the data has it. */
  input: number[] | null
  layers: Layer[]
  training: Training
  /** Random change of every weight after each update, uniform in ± this. */
  perturbation: number
  /** Shuffles the samples each epoch. */
  shuffle: boolean
  /** The run pauses after so many epochs; null: never. */
  epochs: number | null
}

export type Phase = 'starting' | 'ready' | 'unsupported' | 'lost'
/** Where bad input was entered, so that its sentence stands beside it. */
export type Place = 'data' | 'network' | 'training'
export interface Problem {
  place: Place
  /** The field or the layer's index within the place, when known. */
  field?: string
  message: string
}

export interface Steps {
  first: number
  last: number
}
export interface Live {
  step: number
  epoch: number
  loss: number | null
  accuracy: number | null
  testLoss: number | null
  testAccuracy: number | null
  /** Steps between which the test part was evaluated. */
  tested: Steps | null
  stepsPerSecond: number
}
export const idle: Live = {
  step: 0,
  epoch: 0,
  loss: null,
  accuracy: null,
  testLoss: null,
  testAccuracy: null,
  tested: null,
  stepsPerSecond: 0,
}

export interface State {
  phase: Phase
  /** The preset chosen, or null for own data. */
  preset: string | null
  dataset: Dataset | null
  /** The rail's content; differs from `running` while it is being prepared or when it is refused. */
  draft: Description | null
  /** What the trainer at hand was made of. */
  running: Description | null
  preparing: { done: number; what: string } | null
  playing: boolean
  /** Steps a second at most; null: as fast as it goes. */
  speed: number | null
  problem: Problem | null
  live: Live
}

export const createState = (): Store<State> =>
  createStore<State>({
    phase: 'starting',
    preset: null,
    dataset: null,
    draft: null,
    running: null,
    preparing: null,
    playing: false,
    speed: null,
    problem: null,
    live: idle,
  })

/** Undo and redo over descriptions; typing in one field within a second counts as one edit. */
export interface Edits {
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Remembers `before` as a point to go back to. */
  push(before: Description, field: string): void
  undo(now: Description): Description | null
  redo(now: Description): Description | null
  clear(): void
}

export function createEdits(clock: () => number = () => performance.now()): Edits {
  const back: Description[] = []
  const forth: Description[] = []
  let last = { field: '', time: -Infinity }
  return {
    get canUndo() {
      return back.length > 0
    },
    get canRedo() {
      return forth.length > 0
    },
    push(before, field) {
      const time = clock()
      if (field !== last.field || time - last.time > 1000) back.push(structuredClone(before))
      last = { field, time }
      forth.length = 0
    },
    undo(now) {
      const description = back.pop()
      if (description) forth.push(structuredClone(now))
      last = { field: '', time: -Infinity }
      return description ?? null
    },
    redo(now) {
      const description = forth.pop()
      if (description) back.push(structuredClone(now))
      return description ?? null
    },
    clear() {
      back.length = 0
      forth.length = 0
      last = { field: '', time: -Infinity }
    },
  }
}
