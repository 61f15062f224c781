import type { Layer, Training } from '../model/types.ts'
import type { Variant } from './depth-comparison.ts'
import type { Message } from '../words/say.ts'
import type { Dataset } from './types.ts'

/** What a preset is made of: data, the layers for them, and how they are trained. */
export interface Recipe {
  dataset: Dataset
  layers: Layer[]
  training: Omit<Training, 'seed'>
  epochs: number
  shuffle: boolean
  /** What a reader should know of the data and of the run. */
  notes: Message[]
  /** Random change of every weight after each update, uniform in ± this; present where the run's source speaks of it. */
  perturbation?: number
  /** Networks that are compared on these data; the layers are those of one of them. */
  variants?: Variant[]
}
