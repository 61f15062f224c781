/** What the page is built on, handed in so that a test may hand in its own. */
import type { Dataset } from '../data/types.ts'
import type { Observation } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import type { Engine } from '../train/engine.ts'
import type { Description } from './state.ts'

export type Selection =
  | { kind: 'edge'; path: string; from: number; to: number; row: number; column: number }
  | { kind: 'neuron'; path: string; index: number }

export interface ViewSettings {
  scale?: 'layer' | 'global'
  map?: 'inferno' | 'cividis'
  neurons?: 'activation' | 'gradient'
  sample?: number
  /** −1 … 0 forward, 0 … 1 backward; null: as it runs. */
  flow?: number | null
}
export interface View {
  show(observation: Observation): void
  render(): void
  resize(width: number, height: number, pixelRatio: number): void
  set(settings: ViewSettings): void
  onHover(listener: (selection: Selection | null) => void): void
  onSelect(listener: (selection: Selection | null) => void): void
  legend(): Promise<{ lo: number; hi: number }[]>
  dispose(): void
}

export interface PresetRun {
  dataset: Dataset
  description: Description
  /** Steps a second to begin with; null: as fast as it goes. */
  speed: number | null
}

export interface Services {
  createEngine(): Promise<Engine>
  createView(canvas: HTMLCanvasElement, device: GPUDevice): Promise<View>
  createInspector(device: GPUDevice, observation: Observation): Inspector
  loadPreset(name: string, seed: number | undefined): Promise<PresetRun>
  presetNames: readonly string[]
}
