/**
 * A chart card of the right rail is one literal: what it is called, what it needs of a run, and how it draws that. It stands in the list of cards.ts;
 * what it needs is measured (refresh/measurements.ts) while it is in sight, and handed to it.
 */
import type { Dataset } from '../../data/types.ts'
import type { ObservedParameter } from '../../graph/observation.ts'
import type { DepthNorm } from '../../inspect/diagnosis.ts'
import type { LayerStatistics } from '../../inspect/layer-statistics.ts'
import type { Layer } from '../../model/types.ts'
import type { Cost } from '../../train/types.ts'
import type { Code } from '../../words/say.ts'
import type { Session } from '../run/session.ts'
import type { State, Steps } from '../run/state.ts'
import type { Place } from './place.ts'
import type { Plane } from './plane.ts'

/** What can be found out about a run. */
export interface Found {
  /** Curves and figures, after each step. */
  curves: { state: State }
  /** What the run takes, and how fast it goes. */
  cost: { cost: Cost; stepsPerSecond: number }
  /** Every parameter of the network; `hasGradient`: whether a step has computed the gradients. */
  statistics: { statistics: readonly LayerStatistics[]; layers: readonly Layer[]; hasGradient: boolean }
  /** The outputs for the test part, or for the training part where there is none. */
  evaluation: { dataset: Dataset; outputs: Float32Array; steps: Steps }
  /** The outputs at the points of the plane that the data's two inputs span. */
  plane: { dataset: Dataset; plane: Plane; outputs: Float32Array; steps: Steps }
  /** Gradient norms by depth, a list for each network that trains; empty before its first step. */
  comparison: { norms: readonly (readonly DepthNorm[])[] }
}
export type Need = keyof Found

/** What was found for one need. */
export type Frame<N extends Need = Need> = N extends Need ? { readonly need: N } & Readonly<Found[N]> : never

/** A network of which nothing is measured yet. */
export interface Unmeasured {
  parameters: readonly Pick<ObservedParameter, 'path' | 'kind'>[]
  layers: readonly Layer[]
}

export interface Card<N extends Need = Need> {
  /** `norms`: the element is `#card-norms`. */
  id: string
  title: Code
  /** Its accessible name. */
  name: Code
  /** Stands beside the title. */
  note?: Code
  /** What it shows; where the data decide that, of which data what. */
  needs: N | ((dataset: Dataset) => N)
  /** Fills its place when the page is made. */
  make(place: Place, page: Page): Chart<N>
}

export interface Chart<N extends Need = Need> {
  show(frame: Frame<N>): void
  /** Another network is shown, or the same one begins anew: what was shown is of parameters that are gone. */
  clear?(network: Unmeasured): void
}

/** What a card may use of the page. */
export interface Page {
  session: Session
  openKernels(): void
}
