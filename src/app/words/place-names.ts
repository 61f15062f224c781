/** What readers call the places that errors name by their paths: `layers.2.units` is `units of layer 3 (Dense 2)`. */
import { isActivation } from '../../model/catalogue/activations.ts'
import { innerOf, layerTypes } from '../../model/catalogue/layers.ts'
import { isLoss } from '../../model/catalogue/losses.ts'
import type { Layer } from '../../model/types.ts'
import type { PlainCode } from '../../words/say.ts'
import { t } from './language.ts'
import { layerNames } from './layer-names.ts'
import { layerTitle } from './layer-words.ts'
import { settingName } from './setting-names.ts'

/** By their paths beside the layers. */
const others: Readonly<Record<string, PlainCode>> = {
  loss: 'named.loss',
  optimizer: 'named.optimizer',
  'optimizer.learningRate': 'named.learningRate',
  'optimizer.weightDecay': 'named.weightDecay',
  'optimizer.momentum': 'named.momentum',
  'optimizer.decay': 'named.decay',
  'optimizer.beta1': 'named.beta1',
  'optimizer.beta2': 'named.beta2',
  'optimizer.eps': 'named.eps',
  schedule: 'named.schedule',
  'schedule.steps': 'named.schedule.steps',
  'schedule.every': 'named.schedule.every',
  'schedule.factor': 'named.schedule.factor',
  'schedule.minimum': 'named.schedule.minimum',
  'schedule.patience': 'named.schedule.patience',
  warmup: 'named.warmup',
  batchSize: 'named.batchSize',
  accumulate: 'named.accumulate',
  augmentation: 'named.augmentation',
  'augmentation.shift': 'named.shift',
  'augmentation.flip': 'named.flip',
  clipNorm: 'named.clipNorm',
  perturbation: 'named.perturbation',
  seed: 'named.seed',
  epochs: 'named.epochs',
  evaluateEvery: 'named.evaluateEvery',
  'earlyStopping.patience': 'named.patience',
  'earlyStopping.minimumImprovement': 'named.minimumImprovement',
}

const of = (what: string, where: string): string => (where === '' ? what : t('named.of', { what, where }))
const typeName = (type: Layer['type']): string => (isActivation(type) ? layerTitle(type) : layerTitle(type).toLowerCase())
const isType = (name: string): name is Layer['type'] => (layerTypes as readonly string[]).includes(name)

/** The keys of a path from a layer's index on, in its list. */
function inList(keys: readonly string[], list: string, layers: readonly Layer[], names: ReadonlyMap<string, string>, around = ''): string {
  const [index = '', ...rest] = keys
  const path = `${list}.${index}`
  const layer = layers[Number(index)]
  const number = Number(index) + 1
  if (!layer) return rest.reduce((where, key) => of(key, where), of(t('named.unknownLayer', { number }), around))
  // Of `Residual 1 · Dense 2` the last part.
  const kind = names.get(path)?.split(' · ').at(-1) ?? typeName(layer.type)
  const own = of(t('named.layer', { number, kind }), around)
  const inner = innerOf(layer).find(({ name }) => `${rest.join('.')}.`.startsWith(`${name}.`))
  if (!inner) return rest.reduce((where, key) => of(settingName(key), where), own)
  const [, branch] = inner.name.split('.')
  const inside =
    branch !== undefined
      ? of(t('named.branch', { number: Number(branch) + 1 }), own)
      : inner.name === 'shortcut'
        ? of(t('named.shortcut'), own)
        : own
  const further = rest.slice(inner.name.split('.').length)
  return further.length === 0 ? inside : inList(further, `${path}.${inner.name}`, inner.layers, names, inside)
}

/** A reader's words for a path of a model file or of the page's own settings, within a sentence; undefined: there are none but the path. */
export function placeName(path: string, layers: readonly Layer[]): string | undefined {
  const [head = '', key = '', ...more] = path.split('.')
  if (head === 'layers') return key === '' ? t('named.layers') : inList([key, ...more], head, layers, layerNames(layers))
  if (head === 'losses') return isLoss(key) ? t(`training.loss.${key}`) : undefined
  if (head === 'types') return isType(key) ? typeName(key) : undefined
  const name = others[path]
  return name && t(name)
}
