/** What the page knows: the run as it is described in the left rail, and how the run at hand fares. */
import type { Dataset } from '../../data/types.ts'
import type { InputError } from '../../errors.ts'
import type { Layer, Training } from '../../model/types.ts'
import type { EarlyStopping, Precision, StoppedEarly } from '../../train/types.ts'
import type { Code, Message } from '../../words/say.ts'
import type { Experiments } from './experiments.ts'
import { defaultDisplay, type Display } from './display.ts'
import { createStore, type Store } from './store.ts'

/** A network and its training, as the left rail edits them. */
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
  /** Steps between two evaluations of the test part; absent: as time allows. */
  evaluateEvery?: number
  /** Whether the run ends when it gets no better; absent: it does not. */
  earlyStopping?: EarlyStopping
  /** What trains beside it. */
  experiments?: Experiments
}

/** All that the left rail says, and what undo goes back to: some data, and a run on them. */
export interface Choice {
  /** The preset, or null for own data. */
  preset: string | null
  dataset: Dataset
  /** The seed for which a preset's data were drawn. */
  drawn: number
  description: Description
}

export type Phase = 'starting' | 'ready' | 'unsupported' | 'lost'
/** Where bad input was entered, so that its sentence stands beside it. */
export type Place = 'data' | 'network' | 'training'
/** Why something was refused, to be said in the language that is read then. */
export type Told = InputError | Message
export interface Problem {
  place: Place
  /** The field within the place, when known: of the network the path of a layer or of its number, `layers.2.units`. */
  field?: string
  told: Told
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

/** What the page is busy with beside the run. */
export type Work =
  | { kind: 'none' }
  /** A preset's data are on their way; the rail still shows what was before. */
  | { kind: 'loading'; preset: string }
  /** A run is prepared: its kernels are chosen and compiled. `done` is 0 … 1. */
  | { kind: 'preparing'; done: number; what: Code }
  /** Every kernel variant is tried, which can be ended where it is. */
  | { kind: 'trying'; done: number; what: Code }
export const noWork: Work = { kind: 'none' }
export const isBusy = ({ work }: Pick<State, 'work'>): boolean => work.kind !== 'none'
/** The preset whose data are on their way. */
export const loadingOf = ({ work }: Pick<State, 'work'>): string | null => (work.kind === 'loading' ? work.preset : null)

export interface State {
  phase: Phase
  /** The preset chosen, or null for own data. */
  preset: string | null
  /** The rail's content and the data it is for; differs from `running` and `dataset` while it is being prepared or when it is refused. */
  draft: Description | null
  draftDataset: Dataset | null
  /** What the trainer at hand was made of. */
  running: Description | null
  dataset: Dataset | null
  work: Work
  /** What of the rail will make the run begin anew; null: nothing does. */
  restarts: Message | null
  playing: boolean
  /** The step at which the planned epochs are done; null: the run has no end. */
  goal: number | null
  /** Why the run ended before its goal. */
  stopped: StoppedEarly | null
  /** Of each network that trains, the step at which it ended early; null: it has not. */
  endedAt: readonly (number | null)[]
  /** The step that the parameters at the run's end are of, where that is not the last one. */
  restored: number | null
  /** Steps a second at most; null: as fast as it goes. */
  speed: number | null
  /** How matrix products read their operands. */
  precision: Precision
  display: Display
  problem: Problem | null
  live: Live
}

export const createState = (): Store<State> =>
  createStore<State>({
    phase: 'starting',
    preset: null,
    draft: null,
    draftDataset: null,
    running: null,
    dataset: null,
    work: noWork,
    restarts: null,
    playing: false,
    goal: null,
    stopped: null,
    endedAt: [],
    restored: null,
    speed: null,
    precision: 'f32',
    display: defaultDisplay,
    problem: null,
    live: idle,
  })

/** What a saved page or a link to it carries: the run as it is described, how it is shown, and nothing that is measured. */
export interface Carried extends Pick<State, 'preset' | 'speed' | 'precision' | 'display'> {
  description: Description | null
}

/** Of own data, which are too large for it, only that they are the reader's: preset null. */
export const carried = ({ preset, draft, speed, precision, display }: State): Carried => ({
  preset,
  description: draft,
  speed,
  precision,
  display,
})
