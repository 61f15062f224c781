/** The engine, the view and the data that the page runs on. */
import { loadPreset, presetNames } from '../data/presets.ts'
import { InputError } from '../errors.ts'
import { createInspector } from '../inspect/inspector.ts'
import { createEngine } from '../train/engine.ts'
import { createView } from '../view/view.ts'
import type { Services } from './services.ts'
import { browserTuning } from './tuning-store.ts'

/** A file of `data/` beside the page; the digits lie there compressed. */
async function source(name: string): Promise<Uint8Array> {
  const file = name.startsWith('mnist/') ? `${name}.gz` : name
  const answer = await fetch(new URL(`data/${file}`, document.baseURI))
  if (!answer.ok) throw new InputError(`data/${file} could not be loaded: the server answered ${answer.status}.`)
  return new Uint8Array(await answer.arrayBuffer())
}

/** Small data would be through in a blink: these begin at a speed that the eye can follow. */
const gentle = 200

const own: Services['own'] = {}

export const services: Services = {
  createEngine: () => createEngine({ tuning: browserTuning }),
  createView,
  createInspector,
  presetNames,
  own,
  async loadPreset(name, seed = 1) {
    const { dataset, model, epochs, shuffle, notes, variants, perturbation = 0 } = await loadPreset(name, source, seed, own.cifar10)
    const { format, input, layers, ...training } = model
    return {
      dataset: { ...dataset, notes },
      description: {
        input: null,
        layers,
        training,
        perturbation,
        shuffle,
        epochs,
        ...(variants && { comparison: { variants, shown: variants.findIndex((variant) => variant.layers === layers) } }),
      },
      speed: dataset.train.count < 10_000 ? gentle : null,
    }
  },
}
