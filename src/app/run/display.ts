/** How the page shows the run: the parameters of the picture, and what is open and folded. Data alone, which JSON carries. */
import type { CameraPose, ViewSettings } from '../../view/types.ts'
import { shareTraining } from '../pacing/frame-budget.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

export type PictureSettings = Pick<ViewSettings, 'scale' | 'map' | 'neurons' | 'sample'>

export type QuestionId = 'rate' | 'optimizer' | 'health'

export interface Display extends PictureSettings {
  /** Where a person has moved the camera to; null: where the picture puts it. */
  camera: CameraPose | null
  /** The strongest edges drawn between two layers; null: as many as the adapter draws well. */
  edgesPerLayer: number | null
  /** Share of the time that drawing may take while a run trains, 0 … 1. */
  drawingShare: number
  /** The picture's open groups, once a person has opened or collapsed one; null: as many as there is room for. */
  groups: OpenGroups | null
  /** Paths of the layers in the left rail whose further settings, or whose own layers, stand open. */
  layers: readonly string[]
  /** Whether the legend shows all that it has. */
  legend: boolean
  /** The question whose panel is open below the picture; null: none is. */
  question: QuestionId | null
  /** Height of that panel in CSS pixels, where the window has room for it. */
  drawerHeight: number
  /** Thresholds of findings that a person has changed, by `kind.name`. */
  thresholds: Readonly<Record<string, number>>
  /** Whether the rails at the sides are there. */
  left: boolean
  right: boolean
}

export interface OpenGroups {
  /** The columns of the network that they are of; another one starts with the default. */
  network: string
  paths: readonly string[]
}

export const defaultDisplay: Display = {
  scale: 'layer',
  map: 'inferno',
  neurons: 'activation',
  sample: 0,
  camera: null,
  edgesPerLayer: null,
  drawingShare: shareTraining,
  groups: null,
  layers: [],
  legend: false,
  question: null,
  drawerHeight: 300,
  thresholds: {},
  left: true,
  right: true,
}

/** In CSS pixels: the bounds, and what an arrow key changes. */
export const drawerHeights = { least: 160, most: 900, step: 24 }

export function display(state: Store<State>, change: Partial<Display>): void {
  state.set({ display: { ...state.value.display, ...change } })
}
