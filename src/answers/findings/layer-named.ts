import type { LayerHealth } from '../../inspect/health.ts'
import { layerAt } from '../../model/places.ts'

/** A layer of a reading as sentences speak of it. */
export const layerNamed = ({ type, path }: Pick<LayerHealth, 'type' | 'path'>) => layerAt(type, path)
