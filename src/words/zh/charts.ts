import type { charts as english } from '../en/charts.ts'
import type { In } from '../say.ts'
import { spaced } from './parts.ts'

const whole = new Intl.NumberFormat('zh-CN')
const integer = (value: number): string => whole.format(value)

/** `20 个输出中有 3 个为 NaN`. */
const odd = ({ nan, infinite, of }: { nan: number; infinite: number; of: number }, what: string): string => {
  const kind = infinite === 0 ? 'NaN' : nan === 0 ? '无穷大' : 'NaN 或无穷大'
  return `${integer(of)} 个${what}中有 ${integer(nan + infinite)} 个为 ${kind}`
}

export const charts: In<typeof english> = {
  'charts.sentences': ({ sentences }) => sentences.join(''),
  'charts.step': ({ step }) => `第 ${step} 步`,
  'charts.steps': ({ first, last }) => `第 ${first}–${last} 步`,
  'charts.train': '训练',
  'charts.test': '测试',
  'charts.noGradient': '尚无梯度',
  'charts.noAnswer': ({ found }) => `无预测：${found}`,

  'charts.curves.title': '损失',
  'charts.curves.titleWithAccuracy': '损失与准确率',
  'charts.curves.name': '损失与准确率随步数的变化',
  'charts.curves.scale': '损失的刻度',
  'charts.curves.log': '对数',
  'charts.curves.linear': '线性',
  'charts.curves.lossChart': '损失随步数的变化',
  'charts.curves.accuracyChart': '准确率随步数的变化',
  'charts.curves.loss': '损失',
  'charts.curves.accuracy': '准确率',
  'charts.curves.testAt': ({ steps }) => `测试（${steps}）`,
  'charts.curves.target': '目标值',
  'charts.curves.standardised': ({ target, deviation }) => spaced`目标值已标准化：损失以 ${target} 的标准差（${deviation}）为单位。`,
  'charts.curves.allStandardised': '目标值已标准化：损失以各目标自身的标准差为单位。',

  'charts.comparison.title': '梯度范数随深度的变化',
  'charts.comparison.name': '各对比网络的梯度范数（按深度）与损失',
  'charts.comparison.note': '并排对比，对数刻度',
  'charts.comparison.depthChart': '各层权重的梯度范数随深度的变化，每个网络一条线',
  'charts.comparison.lossChart': '各网络的损失随步数的变化',
  'charts.comparison.shown': '3D 视图中显示的网络',
  'charts.comparison.show': ({ name }) => spaced`在 3D 视图中显示 ${name}`,
  'charts.comparison.losses': '损失随步数的变化',
  'charts.comparison.firstLayer': '第一层',
  'charts.comparison.lastLayer': '最后一层',
  'charts.comparison.ended': ({ step }) => `在第 ${step} 步提前停止。`,

  // Networks that are compared.
  'variant.plain': '原始',
  'variant.batchNorm': '批归一化',
  'variant.residual': '残差连接',

  'charts.flow.vanishes': ({ share }) => `第一层的梯度是最后一层的 ${share} 倍：梯度消失。`,
  'charts.flow.fades': ({ share }) => `第一层的梯度是最后一层的 ${share} 倍：梯度衰减。`,
  'charts.flow.arrivesWeaker': ({ share }) => `第一层的梯度是最后一层的 ${share} 倍：梯度正常传回。`,
  'charts.flow.arrives': ({ share }) => `第一层的梯度是最后一层的 ${share} 倍：梯度正常传回。`,
  'charts.flow.arrivesWhole': '第一层的梯度与最后一层的大致相等：梯度正常传回。',
  'charts.flow.explodes': ({ share }) => `第一层的梯度是最后一层的 ${share} 倍：梯度爆炸。`,
  'charts.flow.dead': '没有任何梯度传回第一层。',
  'charts.flow.nonFinite': (found) => `${odd(found, '层的梯度')}。`,
  'charts.learning.nan': '损失为 NaN。',
  'charts.learning.infinite': '损失为无穷大。',
  'charts.learning.guesses': ({ loss }) => `损失 ${loss}：不优于随机猜测。`,
  'charts.learning.learns': ({ loss, guessing }) => `损失 ${loss}；随机猜测为 ${guessing}。`,

  'charts.prediction.title': '预测',
  'charts.prediction.name': '网络的预测结果',
  'charts.prediction.ofTest': ({ steps }) => `测试集 · ${steps}`,
  'charts.prediction.ofTraining': ({ steps }) => `训练集 · ${steps}`,
  'charts.boundary.title': '决策边界',
  'charts.boundary.chart': '决策边界与样本',
  'charts.boundary.noAnswer': '平面上输出不是有限值的点',
  'charts.scatter.title': '预测值与目标值',
  'charts.scatter.chart': '预测值与目标值的散点图',
  'charts.scatter.prediction': '预测值',
  'charts.scatter.target': '目标值',
  'charts.scatter.targetIn': ({ unit }) => `目标值：${unit}`,
  'charts.scatter.notDrawn': ({ found }) => `${found}，未绘出`,
  'charts.confusion.title': '混淆矩阵',
  'charts.confusion.chart': '混淆矩阵',
  'charts.confusion.predicted': '预测类别',
  'charts.confusion.true': '真实类别',
  'charts.confusion.correct': ({ name, count }) => spaced`${name} 分类正确：${count}`,
  'charts.confusion.mistaken': ({ name, predicted, count }) => spaced`${name} 被误判为 ${predicted}：${count}`,

  'charts.norms.title': '各层梯度范数',
  'charts.norms.name': '各参数的梯度范数',
  'charts.norms.note': '对数刻度',
  'charts.norms.depthChart': '各参数的梯度范数随深度的变化',
  'charts.norms.noFinite': '没有有限的梯度',
  'charts.norms.weakest': ({ name }) => `最弱：${name}`,
  'charts.norms.tensor': ({ name, found }) => `${name}（${found}）`,
  'charts.norms.oddGradients': ({ tensors }) => `以下梯度不是有限值：${tensors.join('、')}。`,
  'charts.norms.moreOddGradients': ({ tensors, more, of }) =>
    `以下梯度不是有限值：${tensors.join('、')}，另有 ${integer(more)} 个（共 ${integer(of)} 个张量）。`,
  'charts.norms.oddWeights': ({ tensors }) => `以下参数不是有限值：${tensors.join('、')}。`,
  'charts.norms.moreOddWeights': ({ tensors, more, of }) =>
    `以下参数不是有限值：${tensors.join('、')}，另有 ${integer(more)} 个（共 ${integer(of)} 个张量）。`,

  'charts.histograms.title': '权重与梯度',
  'charts.histograms.name': '权重与梯度的直方图',
  'charts.histograms.values': '数值',
  'charts.histograms.gradients': '梯度',
  'charts.histograms.valuesOf': ({ parameter }) => spaced`${parameter} 的数值`,
  'charts.histograms.gradientsOf': ({ parameter }) => spaced`${parameter} 的梯度`,
  'charts.histograms.before': '前面的参数',
  'charts.histograms.after': '后面的参数',
  'charts.histograms.from': '起始参数',

  'charts.cost.title': '开销',
  'charts.cost.name': '本次训练的内存与计算开销',
  'charts.cost.parameters': '参数',
  'charts.cost.gradients': '梯度',
  'charts.cost.optimizer': '优化器状态',
  'charts.cost.activations': '激活值',
  'charts.cost.data': '数据',
  'charts.cost.memory': ({ uses }) => uses.join('，'),
  'charts.cost.use': ({ what, size }) => `${what} ${size}`,
  'charts.cost.allocated': 'GPU 上已分配',
  'charts.cost.allocatedHint': '包括对齐填充以及评估、回读所用的缓冲区',
  'charts.cost.count': '参数个数',
  'charts.cost.work': '每步计算量',
  'charts.cost.kernelCount': '每步内核数',
  'charts.cost.rate': '每秒步数',
  'charts.cost.workRate': '每秒计算量',
  'charts.cost.kernels': '内核…',

  'nonFinite.nan': ({ nan, of }) => `NaN ${integer(nan)} / ${integer(of)}`,
  'nonFinite.infinite': ({ infinite, of }) => `无穷大 ${integer(infinite)} / ${integer(of)}`,
  'nonFinite.both': ({ nan, infinite, of }) => `NaN ${integer(nan)}，无穷大 ${integer(infinite)} / ${integer(of)}`,
  'nonFinite.outputs': (found) => odd(found, '输出'),
  'nonFinite.predictions': (found) => odd(found, '预测值'),

  'refresh.groupNotShown': ({ reason }) => `无法显示该组：${reason}`,
}
