/** What sentences speak of by a path or a name of the model file. */
import { message, type Named } from '../words/say.ts'

/** A layer with what it is: `dense at layers.2`; `key`: the setting that is wrong of it. */
export const layerAt = (type: string, path: string, key?: string): Named => ({
  path,
  name: message('layer.at', { type, path }),
  ...(key !== undefined && { key }),
})

/** A key of the file within a sentence about something else. */
export const setting = (path: string): Named => ({ path })

/** A loss, or a type of layer, by the name that the file knows it by. */
export const lossNamed = (name: string): Named => ({ path: `losses.${name}`, name })
export const typeNamed = (name: string): Named => ({ path: `types.${name}`, name })
