/** What readers call a setting of a layer, within a sentence: `units`, `kernel`. */
import { en } from '../../words/en/index.ts'
import type { PlainCode } from '../../words/say.ts'
import { t } from './language.ts'

const isNamed = (code: string): code is PlainCode => Object.hasOwn(en, code)

/** Of a key in a layer. A setting that has no words goes by its symbol or its key. */
export function settingName(key: string, symbol = key): string {
  const code = `named.setting.${key}`
  return isNamed(code) ? t(code) : symbol
}
