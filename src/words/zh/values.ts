import type { values as english } from '../en/values.ts'
import type { In } from '../say.ts'
import { listed, spaced } from './parts.ts'

export const values: In<typeof english> = {
  'error.in': ({ source, sentence }) => spaced`${source}：${sentence}`,
  'error.other': ({ text }) => text,
  'expected.number': '一个数',
  'expected.positive': '正数',
  'expected.notNegative': '不小于 0 的数',
  'expected.belowOne': '[0, 1) 区间内的数',
  'expected.upToOne': '[0, 1] 区间内的数',
  'expected.positiveInteger': '正整数',
  'expected.wholeNumber': '不小于 0 的整数',
  'expected.integerFrom': ({ least, most }) => spaced`${least} 到 ${most} 之间的整数`,
  'expected.boolean': 'true 或 false',
  'expected.text': '文本',
  'expected.someText': '非空文本',
  'expected.list': '列表',
  'expected.object': '对象',
  'expected.single': ({ expected }) => spaced`单精度可表示的${expected}（绝对值在 1.18e-38 到 3.4e+38 之间）`,
  'expected.oneOf': ({ choices }) => spaced`${listed(choices)} 之一`,
  'value.missing': ({ where, expected }) => spaced`缺少 ${where}，应为${expected}`,
  'value.wrong': ({ where, found, expected }) => spaced`${where} 是 ${found}，应为${expected}`,
  'value.none': '无',
  'key.unknown': ({ key, choices }) => spaced`未知的键 ${key}，应为 ${listed(choices)} 之一`,
  'key.unknownAt': ({ where, key, choices }) => spaced`${where} 中有未知的键 ${key}，应为 ${listed(choices)} 之一`,
  'kind.missing': ({ where, kind, choices }) => spaced`${where} 的${kind}没有 type，应为 ${listed(choices)} 之一`,
  'kind.unknown': ({ where, kind, found, choices }) => spaced`${where} 的${kind} ${found} 未知，应为 ${listed(choices)} 之一`,
  'kind.layer': '层',
  'kind.optimizer': '优化器',
  'kind.schedule': '学习率调度',
  'kind.initializer': '初始化方式',
}
