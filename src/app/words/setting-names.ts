/** What readers call a setting of a layer, within a sentence: `units`, `kernel`. */
import type { PlainCode } from '../../words/say.ts'
import { t } from './language.ts'

/** By their keys in a layer. */
const settings: Readonly<Record<string, PlainCode>> = {
  units: 'named.setting.units',
  filters: 'named.setting.filters',
  kernel: 'named.setting.kernel',
  stride: 'named.setting.stride',
  padding: 'named.setting.padding',
  dilation: 'named.setting.dilation',
  groups: 'named.setting.groups',
  bias: 'named.setting.bias',
  size: 'named.setting.size',
  rate: 'named.setting.rate',
  slope: 'named.setting.slope',
  alpha: 'named.setting.alpha',
  momentum: 'named.setting.momentum',
  eps: 'named.setting.eps',
  weight: 'named.setting.weight',
  initializer: 'named.setting.initializer',
}

/** A setting that has no words here goes by its symbol or its key. */
export function settingName(key: string, symbol = key): string {
  const name = settings[key]
  return name === undefined ? symbol : t(name)
}
