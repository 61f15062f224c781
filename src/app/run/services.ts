/** What the page is built on, handed in so that a test may hand in its own. */
import type { Dataset } from '../../data/types.ts'
import type { Observation } from '../../graph/observation.ts'
import type { Inspector, InspectorOptions } from '../../inspect/inspector.ts'
import type { LossName, Network } from '../../model/types.ts'
import type { Outline } from '../../train/outline.ts'
import type { Description } from './state.ts'

export interface PresetRun {
  dataset: Dataset
  description: Description
  /** Steps a second to begin with; null: as fast as it goes. */
  speed: number | null
}

export interface Services {
  createInspector(device: GPUDevice, observation: Observation, options?: InspectorOptions): Inspector
  /** A network to show before there is a trainer for it; null where it does not chain. */
  outline(device: GPUDevice, network: Network, loss: LossName): Outline | null
  /** The network of a preset whose data are still on their way, where it is known. */
  expectedNetwork(preset: string): { network: Network; loss: LossName } | null
  loadPreset(name: string, seed: number | undefined): Promise<PresetRun>
  /** The reader's own copy of data that presets train on, once it was given. */
  own: { cifar10?: Dataset }
  presetNames: readonly string[]
}
