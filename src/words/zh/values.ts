import type { values as english } from '../en/values.ts'
import type { In } from '../say.ts'

const listed = (items: readonly string[]): string => items.join('、')

export const values: In<typeof english> = {
  'expected.number': '一个数',
  'expected.positive': '一个正数',
  'expected.positiveInteger': '一个正整数',
  'expected.single': ({ expected }) => `单精度的${expected}（大小在 1.18e-38 到 3.4e+38 之间）`,
  'expected.oneOf': ({ choices }) => `${listed(choices)} 之一`,
  'value.missing': ({ where, expected }) => `缺少 ${where}，应为${expected}`,
  'value.wrong': ({ where, found, expected }) => `${where} 是 ${found}，应为${expected}`,
}
