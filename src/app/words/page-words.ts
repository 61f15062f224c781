/** The library's sentences in the page's own words: paths of the model file become the labels of the rail. */
import { isActivation } from '../../model/catalogue/activations.ts'
import { layerTypes } from '../../model/catalogue/layers.ts'
import { isLoss, lossKind, type LossName } from '../../model/catalogue/losses.ts'
import type { Layer } from '../../model/types.ts'
import { layerTitle } from './layer-words.ts'
import { layerNames } from './layer-names.ts'
import type { Description } from '../run/state.ts'

/** What the rail calls the training's fields, as they stand within a sentence. */
const fieldLabels: Record<string, string> = {
  learningRate: 'learning rate',
  weightDecay: 'weight decay',
  beta1: 'β₁',
  beta2: 'β₂',
  batchSize: 'batch size',
  clipNorm: 'clip gradients to norm',
  perturbation: 'weight noise ±',
  warmup: 'warm-up steps',
  accumulate: 'gradient accumulation',
  evaluateEvery: 'test every',
  shift: 'shift by ±',
  flip: 'mirror',
  patience: 'patience',
  minimumImprovement: 'minimum improvement',
}
/** As it stands within a sentence. */
const layerLabel = (type: Layer['type']): string => (isActivation(type) ? layerTitle(type) : layerTitle(type).toLowerCase())
const layerTypePattern = layerTypes.join('|')

/** `layers.2.shortcut.0.units` in a network: `units of layer 1 (dense) in the shortcut of layer 3 (Residual 1)`. */
function layerWords(path: string, layers: readonly Layer[]): string {
  const names = layerNames(layers)
  let inner: readonly Layer[] = layers
  let at = 'layers'
  let words = ''
  const rest = path.split('.').slice(1)
  const of = (what: string) => (words ? `${what} of ${words}` : what)
  while (rest.length > 0) {
    const key = rest.shift()!
    const layer = inner[Number(key)]
    if (/^\d+$/.test(key) && layer) {
      at += `.${key}`
      const kind = names.get(at)?.split(' · ').at(-1) ?? layerLabel(layer.type)
      words = of(`layer ${Number(key) + 1} (${kind})`)
      inner = []
      const next = rest[0]
      if (next === undefined) break
      const within = layer as unknown as Record<string, readonly Layer[] | readonly (readonly Layer[])[] | undefined>
      if (next === 'branches' && /^\d+$/.test(rest[1] ?? '')) {
        const branch = Number(rest[1])
        at += `.branches.${branch}`
        words = of(`branch ${branch + 1}`)
        inner = (within['branches']?.[branch] as readonly Layer[] | undefined) ?? []
        rest.splice(0, 2)
      } else if ((next === 'layers' || next === 'shortcut') && rest.length > 1) {
        at += `.${next}`
        if (next === 'shortcut') words = of('the shortcut')
        inner = (within[next] as readonly Layer[] | undefined) ?? []
        rest.shift()
      }
    } else words = of(/^\d+$/.test(key) ? `layer ${Number(key) + 1}` : key)
  }
  return words
}

const layersIn = new RegExp(`(?:\\b(?:${layerTypePattern}) at )?\\blayers((?:\\.\\w+)+)`, 'g')
/** Types whose name in a model file is no word. */
const titled = new RegExp(`\\b(?:${layerTypes.filter((type) => /[A-Z]/.test(type)).join('|')})\\b`, 'g')
const startsSmall = /^[a-z](?=[a-z]* )/

/** A sentence about a description as the page would say it; what stands in quotation marks stays as it is. */
export function inPageWords(sentence: string, { layers }: Pick<Description, 'layers'>): string {
  const said = sentence
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, i) => (i % 2 === 1 ? part : words(part, layers)))
    .join('')
  return said.replace(startsSmall, (letter) => letter.toUpperCase())
}

const words = (text: string, layers: readonly Layer[]): string =>
  text
    .replace(layersIn, (_, path: string) => layerWords(`layers${path}`, layers))
    .replace(
      /\bschedule\.(\w+)/g,
      (_, key: string) =>
        `schedule ${key === 'steps' ? 'over steps' : key === 'every' ? 'every steps' : key === 'minimum' ? 'at least' : key}`,
    )
    .replace(/\b(?:optimizer|augmentation|earlyStopping)\.(\w+)/g, (_, key: string) => fieldLabels[key] ?? key)
    .replace(/\bloss (\w+)/g, (all, name: string) => (isLoss(name) ? `loss ${lossKind(name).title}` : all))
    .replace(/\b(?:binaryCrossEntropy|crossEntropy)\b/g, (name) => lossKind(name as LossName).title)
    .replace(/\b(?:batchSize|clipNorm|perturbation|learningRate|warmup|accumulate|evaluateEvery)\b/g, (name) => fieldLabels[name]!)
    .replace(titled, (type) => layerLabel(type as Layer['type']))
