/** The library's sentences in the page's own words: paths of the model file become the labels of the rail. */
import type { Layer, LossName } from '../model/types.ts'
import { layerNames } from './names.ts'
import type { Description } from './state.ts'

export const lossLabels: Record<LossName, string> = {
  crossEntropy: 'cross entropy',
  binaryCrossEntropy: 'binary cross entropy',
  mse: 'mean squared error',
  mae: 'mean absolute error',
  huber: 'Huber',
}

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
const layerLabels: Record<string, string> = {
  batchNorm: 'batch norm',
  layerNorm: 'layer norm',
  leakyRelu: 'leaky ReLU',
  maxPool2d: 'max pool',
  avgPool2d: 'average pool',
  globalAvgPool2d: 'global average',
}
const layerTypes = 'dense|conv2d|maxPool2d|avgPool2d|globalAvgPool2d|residual|concat|batchNorm|layerNorm'

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
      const kind = names.get(at)?.split(' · ').at(-1) ?? layerLabels[layer.type] ?? layer.type
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

const layersIn = new RegExp(`(?:\\b(?:${layerTypes}) at )?\\blayers((?:\\.\\w+)+)`, 'g')
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
    .replace(/\bloss (\w+)/g, (all, name: string) => (Object.hasOwn(lossLabels, name) ? `loss ${lossLabels[name as LossName]}` : all))
    .replace(/\b(?:binaryCrossEntropy|crossEntropy)\b/g, (name) => lossLabels[name as LossName])
    .replace(/\b(?:batchSize|clipNorm|perturbation|learningRate|warmup|accumulate|evaluateEvery)\b/g, (name) => fieldLabels[name]!)
    .replace(/\b(?:batchNorm|layerNorm|leakyRelu|maxPool2d|avgPool2d|globalAvgPool2d)\b/g, (name) => layerLabels[name]!)
