/** The engine, the view and the data that the page runs on. */
import { expectedNetwork, loadPreset, presetNames } from '../../data/presets.ts'
import { InputError } from '../../errors.ts'
import { createInspector } from '../../inspect/inspector.ts'
import type { Engine } from '../../train/engine.ts'
import type { Variant } from '../../data/depth-comparison.ts'
import { message } from '../../words/say.ts'
import type { Description } from '../run/state.ts'
import type { View } from '../../view/types.ts'
import { outlineOf } from '../../train/outline.ts'
import { dataSource } from './data-source.ts'
import type { Services } from '../run/services.ts'
import { browserTuning } from './tuning-store.ts'

/** Small data would be through in a blink: these begin at a speed that the eye can follow. */
const gentle = 200

const own: Services['own'] = {}

// Scripts of their own, fetched side by side from the page's first moment on.
export const openEngine = async (): Promise<Engine> => (await import('../../train/engine.ts')).createEngine({ tuning: browserTuning })
export const openView = async (canvas: HTMLCanvasElement, device: GPUDevice): Promise<View> =>
  (await import('../../view/view.ts')).createView(canvas, device)

/** Networks of a preset that train beside each other: the first is the run, of the others the one that the preset trains alone is shown. */
function experimentsOf([first, ...others]: readonly Variant[], { layers, training }: Pick<Description, 'layers' | 'training'>) {
  const titleOf = ({ name, title }: Variant) => (title ? message(title) : message('experiments.named', { name }))
  const list = others.map((variant) => ({ title: titleOf(variant), change: { layers: variant.layers } }))
  const shown = 1 + others.findIndex((variant) => variant.layers === layers)
  return { experiments: { title: titleOf(first!), list, shown, ...(shown > 0 && { run: { layers: first!.layers, training } }) } }
}

export const services: Services = {
  createInspector,
  outline(device, network, loss) {
    try {
      return outlineOf(device, network, loss)
    } catch (error) {
      if (error instanceof InputError) return null
      throw error
    }
  },
  expectedNetwork,
  presetNames,
  own,
  async loadPreset(name, seed = 1) {
    const { dataset, model, epochs, shuffle, notes, variants, perturbation = 0 } = await loadPreset(name, dataSource, seed, own.cifar10)
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
        ...(variants && experimentsOf(variants, { layers, training })),
      },
      speed: dataset.train.count < 10_000 ? gentle : null,
    }
  },
}
