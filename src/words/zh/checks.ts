/** 检查运行的测量：锐度、梯度与差分、首个非有限数。 */
import { figure } from '../figures.ts'

interface Bounded {
  value: number
  bound: number
  formula: string
  preconditioned: boolean
  optimizer: string
  samples: number
  clipped: boolean
}
const against = ({ value, bound, formula, preconditioned }: Bounded, relation: string): string =>
  `${preconditioned ? '预条件锐度' : '锐度'} ${figure(value)} ${relation} ${formula} = ${figure(bound)}`
const clipping = ({ clipped }: Bounded): string => (clipped ? '被裁剪的步比学习率所说的短；此界限只对未裁剪的步成立。' : '')
const on = ({ samples }: Bounded): string => `在 ${samples} 个训练样本上测得。`

interface Met {
  step: number
  direction: string
  operation: string
  place: string
  parameter: string
  /** `[5, 2]` */
  element: string
  value: string
  /** `x[5, 2] = 3e8` */
  inputs: readonly string[]
}
const directions: Record<string, string> = { forward: '前向', backward: '反向', update: '更新' }
const met = ({ step, direction, operation, place, parameter, element, value }: Met, verb: string): string =>
  `第 ${step} 步，${directions[direction] ?? direction}：${parameter || place} 的 ${operation} 在 ${element} 处${verb} ${value}`

export const checks = {
  'sharpness.above': (facts: Bounded) =>
    `${against(facts, '高于')}：以此学习率，${facts.optimizer} 沿最陡方向越过谷底，一步比一步更远。${clipping(facts)}${on(facts)}`,
  'sharpness.about': (facts: Bounded) =>
    `${against(facts, '约等于')}：处于稳定边缘，以此学习率训练往往停留在这里。${clipping(facts)}${on(facts)}`,
  'sharpness.below': (facts: Bounded) =>
    `${against(facts, '低于')}：以此学习率，${facts.optimizer} 沿最陡方向也是稳定的。${clipping(facts)}${on(facts)}`,
  'sharpness.noMoment': ({ value, optimizer }: { value: number; optimizer: string }) =>
    `损失本身的锐度为 ${figure(value)}：${optimizer} 尚未走过一步，还不知道它如何缩放步长。`,
  'sharpness.noRate': ({ value }: { value: number }) => `锐度 ${figure(value)}；学习率为 0 时什么也不动。`,
  'sharpness.notFinite': '损失或参数不是有限数：没有曲率可测。',
  'check.below': ({ count }: { count: number }) => `0 到 ${count - 1} 的整数`,
  'notFinite.made': (found: Met) => `${met(found, '由有限数算出')}：${found.inputs.join(', ')}。`,
  'notFinite.passedOn': (found: Met) => `${met(found, '传递了输入中的')}：${found.inputs.join(', ')}。`,
  'notFinite.data': ({
    step,
    sample,
    feature,
    value,
    target,
  }: {
    step: number
    sample: number
    feature: string
    value: string
    target: boolean
  }) => `第 ${step} 步：${target ? '目标' : '数据'}中有 ${value}，在该批的样本 ${sample} 的 ${feature} 处。`,
}
