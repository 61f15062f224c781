import type { Filters } from '../inspect/filters.ts'
import type { Inspector } from '../inspect/inspector.ts'
import type { NonFinite } from '../inspect/layer-statistics.ts'
import type { ColourMap } from './colour.ts'
import type { Box } from './label-places.ts'
import type { CollapsibleObservation } from './arrangement.ts'
import type { Say } from './names.ts'

/** Parts of the canvas, in CSS pixels, that something else covers: the network is fitted to the rest. */
export interface Insets {
  left: number
  right: number
  top: number
  bottom: number
}

export interface ViewSettings {
  /** Colours run over the range of each weight matrix, or over the range of all. */
  scale: 'layer' | 'global'
  map: ColourMap
  /** What colours the neurons. */
  neurons: 'activation' | 'gradient'
  /** Row of the batch that the neurons show. */
  sample: number
  /** A step played slowly, with layers lighting up in turn: 0 → 0.5 forward, 0.5 → 1 backward; null: the whole network at once. */
  flow: number | null
  /** While training runs, pulses along the edges show which way gradients flow. */
  flowing: boolean
  insets: Insets
  /** Says the picture's names in a language; English by default. */
  say: Say
}

/** From where a person looks at the network, in terms that hold for a canvas of any size. */
export interface CameraPose {
  /** A unit vector from the camera. Alone: the network was turned, and fills the canvas. */
  direction: readonly [number, number, number]
  /** As a share of the distance from which the network, seen from where it is at first, fills the canvas. */
  distance?: number
  /** How far what it looks at lies from the network's middle, in those distances. */
  offset?: readonly [number, number, number]
}

export interface ViewOptions {
  settings?: Partial<ViewSettings>
  /** Whether columns have names; default true. They are added to the parent of an HTMLCanvasElement; `names` tells those of an OffscreenCanvas. */
  labels?: boolean
}

/**
 * An edge, a neuron or a branch of the picture. A neuron of feature maps is a pixel: `index` is its number in a row of the column, as it lies. An edge
 * between channels is a filter: row its output channel, column the input channel within its group.
 */
export type Picked =
  | { kind: 'edge'; block: number; path: string; row: number; column: number; from: number; to: number }
  | { kind: 'neuron'; column: number; path: string; index: number }
  | { kind: 'path'; container: number; branch: number; path: string }

/**
 * What the engine's buffers hold for an edge, neuron or branch; activation and its gradient of the sample that is shown. Of a filter
 * `weight` and `gradient` are norms over its taps; it, and a pixel of a convolution, come with the filters that belong together. A branch comes with what arrives through each one of its container.
 */
export type PickedValues =
  | { kind: 'edge'; weight: number; gradient: number; filters?: Filters }
  | { kind: 'neuron'; activation: number; gradient?: number; bias?: number; biasGradient?: number; filters?: Filters }
  | { kind: 'path'; rows: number; norms: { branch: number; norm: number }[] }

/** The magnitudes between which colours run, both 0 where all values are zero; and how many of the `count` values are NaN or infinite. */
export interface ColourRange extends NonFinite {
  path: string
  lo: number
  hi: number
  count: number
}

export type PickListener = (picked: Picked | null) => void

/** A name of the picture: its rectangle, its texts from top to bottom, and the thin lines that belong to it. */
export interface SeenName extends Box {
  texts: { text: string; isRest: boolean }[]
  isCentred: boolean
  lines: Box[]
}

export interface View {
  /** Shows a network, with groups collapsed or not (`collapse`), instead of the one before. Its buffers stay the engine's. */
  show(observation: CollapsibleObservation, inspector: Inspector): void
  /**
   * Compiles what `render` needs for the network shown, its inspector's choice of edges included; otherwise the first `render` does, with the GPU waiting. A
   * network like one shown before has nothing left to compile.
   */
  compile(): Promise<void>
  /**
   * Draws the network over the canvas, where `render` will have it, without any pipeline: in grey, or with the colours that `colourSketch` read last. The next
   * `render` takes it away once it is done.
   */
  sketch(): void
  /** Colours the sketch by the buffers' current values. Rejects with ReaderDestroyed when another network is shown meanwhile. */
  colourSketch(): Promise<void>
  /** Makes the sketch grey again from its next drawing on, until the next `colourSketch`; one that is under way has no effect. */
  greySketch(): void
  /**
   * Draws what the buffers hold now: has the inspector choose the edges anew unless told not to, gathers the sample's neurons, renders. Waits for
   * nothing.
   */
  render(options?: { choose?: boolean }): void
  /** Size of the canvas in CSS pixels. */
  resize(width: number, height: number, pixelRatio: number): void
  set(settings: Partial<ViewSettings>): void
  readonly settings: Readonly<ViewSettings>
  /** What lies at a point of the canvas, in CSS pixels from its top left. */
  pick(x: number, y: number): Promise<Picked | null>
  /** Where a neuron, or the point at `share` (default 0.5) of the way along an edge, is drawn: CSS pixels from the canvas's top left. */
  locate(picked: Picked, share?: number): { x: number; y: number }
  /** Emphasises an edge or neuron; null for none. Hovering does so by itself. */
  highlight(picked: Picked | null): void
  /** Frames a column, by its index in `observation`, and lights neurons (or channels) of it, until another network is shown; null: none. */
  mark(column: number | null, neurons?: readonly number[]): void
  /** Null where another network is shown before they could be read. */
  readValues(picked: Picked): Promise<PickedValues | null>
  /** The picture's rectangle of a column, in CSS pixels of the canvas. */
  extent(column: number): { left: number; right: number; top: number; bottom: number }
  /** The columns' names and the lines that lead to them, in CSS pixels of the canvas; none where the view has no names. */
  names(): SeenName[]
  /** What is shown; null before `show`. */
  readonly observation: CollapsibleObservation | null
  /** Called with the path of a group that a person opens or collapses. Returns the way to stop. */
  onToggle(listener: (path: string) => void): () => void
  /** Called when the pointer comes over another edge or neuron, or none. Returns the way to stop. */
  onHover(listener: PickListener): () => void
  /** Called when one is clicked or tapped, with null beside all. Returns the way to stop. */
  onSelect(listener: PickListener): () => void
  /** Range of the colours of each weight matrix, in units of the gradient; with the global scale a single one, path `all`. */
  legend(): Promise<ColourRange[]>
  /** Range of the neurons' colours as last drawn, the input first; with the global scale a single one, path `all`. */
  neuronLegend(): Promise<ColourRange[]>
  /** Where a person has moved the camera to; null: where it was put. */
  readonly camera: CameraPose | null
  /** Looks at the network from there; null: from where it does at first. */
  look(camera: CameraPose | null): void
  /** Called while a person moves the camera. Returns the way to stop. */
  onLook(listener: () => void): () => void
  dispose(): void
}
