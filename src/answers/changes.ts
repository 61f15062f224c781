/** Changes of a model as one line says them: `optimizer=sgd,momentum=0.9`. */
import { optimizerFields, optimizerNames } from '../model/catalogue/optimizers.ts'
import { isActivation } from '../model/catalogue/activations.ts'
import { innerOf, withInner } from '../model/catalogue/layers.ts'
import { patched, type ModelPatch } from '../model/patch.ts'
import type { Layer, ModelFile } from '../model/types.ts'
import { wrongIn } from '../errors.ts'

/** Settings of a run beside those of its optimizer. */
const ofRun = ['batchSize', 'accumulate', 'clipNorm', 'warmup', 'seed', 'loss'] as const
/** What changes every layer of a kind. */
const ofLayers = ['activation', 'initializer'] as const

/**
 * The change that a text states, of one or more settings of the form NAME=VALUE. `activation` replaces those between the layers, `initializer` is for every
 * dense layer and convolution; `null` takes a setting away.
 * @throws InputError on a name that there is not, and on a model that does not stand with the change
 */
export function changeOf(model: ModelFile, text: string): ModelPatch {
  const settings = text.split(',').map((part): [name: string, value: unknown] => {
    const at = part.indexOf('=')
    if (at < 1 || at === part.length - 1) throw wrongIn(text, 'change.form', { found: JSON.stringify(part) })
    return [part.slice(0, at).trim(), valueOf(part.slice(at + 1).trim())]
  })
  const type = settings.find(([name]) => name === 'optimizer')?.[1] ?? model.optimizer.type
  const known = [...ofRun, ...ofLayers, 'optimizer', 'learningRate', ...ownFields(type)]
  const unknown = settings.find(([name]) => !known.includes(name))
  if (unknown) throw wrongIn(text, 'key.unknown', { key: JSON.stringify(unknown[0]), choices: known })
  const patch: Record<string, unknown> = {}
  const optimizer: Record<string, unknown> = {}
  let { layers } = model
  for (const [name, value] of settings) {
    if (name === 'activation') layers = withActivation(layers, value)
    else if (name === 'initializer') layers = withInitializer(layers, value)
    else if ((ofRun as readonly string[]).includes(name)) patch[name] = value
    else optimizer[name === 'optimizer' ? 'type' : name] = value
  }
  if (layers !== model.layers) patch['layers'] = layers
  if (Object.keys(optimizer).length > 0) patch['optimizer'] = optimizer
  patched(model, patch, text)
  return patch
}

const ownFields = (type: unknown): string[] => Object.keys(optimizerFields({ type: optimizerNames.find((name) => name === type) ?? 'sgd' }))

const valueOf = (text: string): unknown => {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

/** Activations between layers; what stands after the last layer with weights is the output's, and stays. */
function withActivation(layers: readonly Layer[], name: unknown): Layer[] {
  const last = layers.findLastIndex((layer) => layer.type === 'dense' || layer.type === 'conv2d' || innerOf(layer).length > 0)
  const swapped = (layer: Layer): Layer =>
    isActivation(layer.type) ? ({ type: name } as Layer) : withInner(layer, (inner) => inner.map(swapped))
  return layers.map((layer, i) => (isActivation(layer.type) && i > last ? layer : swapped(layer)))
}

const withInitializer = (layers: readonly Layer[], name: unknown): Layer[] =>
  layers.map((layer) =>
    layer.type === 'dense' || layer.type === 'conv2d'
      ? ({ ...layer, initializer: { type: name } } as Layer)
      : withInner(layer, (inner) => withInitializer(inner, name)),
  )
