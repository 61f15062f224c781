/** The network and the loss that own data begin with, in a sentence. */
import { suggested, type DataToStartOn } from '../run/describe.ts'
import { t } from '../words/language.ts'

export function startText(data: DataToStartOn): string {
  const { layers, training } = suggested(data)
  const units = layers.flatMap((layer) => (layer.type === 'dense' ? [layer.units] : []))
  const filters = layers.flatMap((layer) => (layer.type === 'conv2d' ? [layer.filters] : []))
  const loss = t(`training.loss.${training.loss}`)
  return filters.length > 0 ? t('files.start.convolutions', { filters, units, loss }) : t('files.start.dense', { units, loss })
}
