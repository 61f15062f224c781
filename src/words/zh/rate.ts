import type { rate as english } from '../en/rate.ts'
import type { In } from '../say.ts'
import { listed, spaced } from './parts.ts'

export const rate: In<typeof english> = {
  'rate.range': ({ where, least, greatest }) => spaced`${where} 是 ${least}，应小于最大学习率 ${greatest}`,
  'rate.reason': ({ why, rate: value, near, start, reached, steps, works }) =>
    spaced`${value} ${why}。学习率为 ${near} 时，损失在 ${steps} 步内从 ${start} 降到 ${reached}（中位数）。${works}`,
  'rate.because.middle': '位于损失下降最快的学习率区间的中部',
  'rate.because.margin': ({ edge }) => spaced`是 ${edge} 的一半，训练从那里开始发散`,
  'rate.because.greatest': ({ rate: value }) => spaced`接近范围的上端：在 ${value} 附近损失仍下降得最快，请再测试更大的学习率`,
  'rate.because.least': ({ rate: value }) => spaced`接近范围的下端：在 ${value} 附近损失仍下降得最快，请再测试更小的学习率`,
  'rate.works': ({ seeds, from, to }) =>
    from === to ? spaced`在 ${from} 时全部 ${seeds} 个种子都能学习。` : spaced`从 ${from} 到 ${to}，全部 ${seeds} 个种子都能学习。`,
  'rate.worksNot': ({ seeds }) => spaced`没有一个测试过的学习率对全部 ${seeds} 个种子都有效。`,
  'rate.nothing': ({ steps }) => spaced`在 ${steps} 步内，没有一个测试过的学习率能使损失下降：没有可建议的值。`,
  'rate.extent.atOnce': ({ rates, seeds, steps }) => spaced`${rates} 个学习率 × ${seeds} 个种子，各 ${steps} 步`,
  'rate.extent.budget': ({ rates, seeds, steps, coarse, budget }) =>
    spaced`${rates} 个学习率 × ${seeds} 个种子，各 ${steps} 步，围绕全范围 ${coarse} 个学习率中的最佳者：这是 ${budget} 秒内所能完成的，因为该网络太大，不能同时训练许多个`,
  'rate.extent.cut': ({ rates, seeds, steps, coarse, budget }) =>
    spaced`${rates} 个学习率 × ${seeds} 个种子，各 ${steps} 步，围绕全范围 ${coarse} 个学习率中的最佳者；已提前结束：该 GPU 所需的时间是计划的 ${budget} 秒的数倍`,
  'sweep.noAxis': ({ found, choices }) => spaced`没有坐标轴“${found}”，现有 ${listed(choices)}`,
  'sweep.axisForm': ({ found }) => spaced`“${found}”不是坐标轴，应为 NAME=FROM:TO:COUNT，例如 learningRate=1e-3:1:16`,
  'sweep.rising': ({ axis, from, to }) => spaced`${axis} 从 ${from} 到 ${to}，终点不应小于起点`,
  'sweep.count': ({ axis, found, most }) => spaced`${axis} 有 ${found} 个值，应为 1 到 ${most} 的整数`,
  'sweep.twoAxes': ({ found, choices }) => spaced`给出了 ${found} 个坐标轴，应为 ${listed(choices)} 中的两个`,
  'sweep.sameAxis': ({ axis, choices }) => spaced`${axis} 给出了两次，应为 ${listed(choices)} 中的两个`,
  'sweep.noMomentum': ({ found, choices }) => spaced`${found} 没有动量设置，因此没有这个坐标轴；现有 ${listed(choices)}`,
  'sweep.noWidth': ({ choices }) => spaced`该网络没有宽度可变的隐藏全连接层或卷积层；坐标轴有 ${listed(choices)}`,
  'sweep.extent': ({ rows, columns, steps }) => spaced`${rows} × ${columns} 个网络，各 ${steps} 步`,
  'sweep.thinned': ({ extent, budget }) => spaced`${extent}：这是 ${budget} 秒内所能完成的，因为该网络太大，不能同时训练许多个`,
  'rate.picture.title': ({ data, optimizer }) => spaced`学习率测试：${data}，${optimizer}`,
  'rate.chart.rate': '学习率',
  'rate.chart.loss': '损失',
  'rate.chart.start': '初始权重',
  'rate.chart.diverged': '发散',
  'rate.chart.median': '中位数',
  'rate.chart.quartiles': '中间一半的种子',
  'rate.chart.works': '所有种子都能学习',
  'rate.chart.given': '给定值',
  'sweep.picture.title': ({ data }) => spaced`参数扫描：${data}`,
  'sweep.axis.seed': '种子',
  'sweep.axis.learningRate': '学习率',
  'sweep.axis.momentum': '动量',
  'sweep.axis.weightDecay': '权重衰减',
  'sweep.axis.batchSize': '批大小',
  'sweep.axis.width': '隐藏层宽度',
}
