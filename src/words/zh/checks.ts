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
  'sharpness.title': '锐度',
  'sharpness.measure': '测量锐度',
  'sharpness.cancel': ({ done }: { done: number }) => `取消（第 ${done + 1} 次迭代）`,
  'sharpness.every': '再次测量',
  'sharpness.never': '从不',
  'sharpness.steps': ({ count }: { count: number }) => `每 ${count} 步`,
  'sharpness.at': ({ step }: { step: number }) => `第 ${step} 步。`,
  'sharpness.hint': '损失沿最陡方向弯曲得有多急，决定哪些学习率会越过谷底：超过 2/锐度，梯度下降会在那里发散。',
  'sharpness.uncertain': ({ error }: { error: number }) => `只精确到 ±${figure(error)}。`,
  'sharpness.failed': '无法测量。原因见控制台。',
  'sharpness.chart': '锐度随步数的变化，以及学习率所能承受的上限',
  'sharpness.legend': '锐度',
  'check.one': '检查',
  'check.many': ({ count }: { count: number }) => `随机检查 ${count} 个`,
  'check.doing': ({ done, count }: { done: number; count: number }) => `${done} / ${count}`,
  'check.failed': '无法检查。原因见控制台。',
  'check.of': ({ path, index }: { path: string; index: number }) => `${path}，第 ${index} 个`,
  'check.analytic': '算出的梯度',
  'check.difference': ({ h }: { h: string }) => `差分，h = ${h}`,
  'check.give': ({ value, error }: { value: string; error: string }) => `${value} ± ${error}`,
  'check.agrees': ({ step }: { step: number }) => `在第 ${step} 步的参数和批次上两者一致。`,
  'check.kink': ({ step }: { step: number }) => `第 ${step} 步时损失在此处有折点（如 ReLU 所致）：两侧斜率不同，梯度取其一或介于其间。`,
  'check.differs': ({ step }: { step: number }) => `在第 ${step} 步的参数和批次上，两者之差超出舍入误差所能解释的范围。`,
  'check.badge': ({
    agree,
    count,
    kinks,
    differ,
    notFinite,
    worst,
    step,
  }: Record<'agree' | 'count' | 'kinks' | 'differ' | 'notFinite' | 'step', number> & { worst: string }) =>
    `${count} 个梯度中 ${agree} 个一致${kinks ? `，${kinks} 个在折点` : ''}${differ ? `，${differ} 个不一致` : ''}${notFinite ? `，${notFinite} 个不是有限数` : ''}${worst ? `，最差 ${worst}` : ''}，第 ${step} 步`,
  'notFinite.title': '运行已停止',
  'notFinite.stopped': ({ step }: { step: number }) => `第 ${step} 步的损失不是有限数。`,
  'notFinite.looking': '正在查找来源…',
  'notFinite.rounding': '逐个运算重做时，各步保持有限：求和的舍入次序与运行时不同。',
  'notFinite.tooLate': '没有留下该步之前的运行副本，无法查明来源。',
  'notFinite.back': ({ step }: { step: number }) => `回到第 ${step} 步`,
  'notFinite.slower': '回去，学习率减半',
  'notFinite.close': '保持原样',
  'check.notFinite': ({ step }: { step: number }) => `第 ${step} 步时梯度或其旁的损失不是有限数。`,
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
