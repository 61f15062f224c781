import type { findings as english } from '../en/findings.ts'
import { figure, percentage } from '../figures.ts'
import type { In } from '../say.ts'

export const findings: In<typeof english> = {
  'finding.vanishing': ({ where, measured, threshold, source }) =>
    `梯度在反向传播中消失：到达 ${where} 的仅为最后一层的 ${figure(measured)}，低于 ${figure(threshold)}（${source}）。`,
  'finding.exploding': ({ where, measured, threshold, source }) =>
    `梯度在反向传播中爆炸：${where} 处是最后一层的 ${figure(measured)} 倍，超过 ${figure(threshold)}（${source}）。`,
  'finding.exploding.outputs': ({ where, measured, forward, threshold, source }) =>
    `信号与梯度都在爆炸：从第一个隐藏层到最后一个，输出增大到 ${figure(forward)} 倍，梯度回到 ${where} 时增大到 ${figure(measured)} 倍，超过 ${figure(threshold)}（${source}）。`,
  'finding.exploding.loss': ({ where, measured, threshold, source }) =>
    `损失是常数预测的 ${figure(measured)} 倍，超过 ${figure(threshold)}；梯度以 ${where} 处为最大（${source}）。`,
  'finding.exploding.notFinite': ({ where, measured, source }) =>
    `${where} 的梯度已不是有限数：有 ${measured} 个 NaN 或无穷大（${source}）。`,
  'finding.dead': ({ where, count, of, samples, threshold, source }) =>
    `${where} 的 ${of} 个神经元中有 ${count} 个已死亡：在 ${samples} 个样本上都不让梯度通过；超过该层的 ${percentage(threshold)}（${source}）。`,
  'finding.saturated': ({ where, activation, measured, neurons, of, threshold, source }) =>
    `${where} 的输出有 ${percentage(measured)} 落在 ${activation} 的平坦端，梯度几乎无法通过，超过 ${percentage(threshold)}${neurons > 0 ? `；${of} 个神经元中有 ${neurons} 个一直如此` : ''}（${source}）。`,
  'finding.updateTooLarge': ({ where, measured, threshold, source }) =>
    `每一步使 ${where} 的权重改变其大小的 ${percentage(measured)}，超过 ${percentage(threshold)}（${source}）。`,
  'finding.updateTooSmall': ({ where, measured, threshold, source }) =>
    `各层几乎不动：变化最大的 ${where} 每步也只改变权重大小的 ${percentage(measured)}，低于 ${percentage(threshold)}（${source}）。`,
  'finding.diverged': ({ last, best, measured, threshold, source }) =>
    `训练发散：损失为 ${figure(last)}，是最低值 ${figure(best)} 的 ${figure(measured)} 倍，超过 ${figure(threshold)} 倍（${source}）。`,
  'finding.oscillating': ({ measured, mean, threshold, source }) =>
    `损失围绕 ${figure(mean)} 摆动 ${percentage(measured)} 而不下降：超过 ${percentage(threshold)}，也超出批次噪声所能解释的范围（${source}）。`,
  'finding.stalled': ({ measured, steps, loss, threshold, source }) =>
    measured > 0
      ? `损失停在 ${figure(loss)}：最近 ${steps} 步只下降了 ${percentage(measured)}，低于 ${percentage(threshold)}（${source}）。`
      : `损失停在 ${figure(loss)}：最近 ${steps} 步没有下降（${source}）。`,
  'finding.baseline.classes': ({ loss, baseline, source }) =>
    `网络并不比始终按比例猜测各类更好：损失为 ${figure(loss)}，后者为 ${figure(baseline)}（${source}）。标签被打乱时就是这样。`,
  'finding.baseline.numbers': ({ loss, baseline, source }) =>
    `网络并不比始终预测平均值更好：损失为 ${figure(loss)}，后者为 ${figure(baseline)}（${source}）。目标与输入无关时就是这样。`,
  'finding.noisyBatch': ({ batchSize, measured, threshold, source }) =>
    `批大小 ${batchSize} 太小，噪声过大：相邻批次的损失相差平均值的 ${percentage(measured)}，超过 ${percentage(threshold)}，而且不下降（${source}）。`,
  'finding.unscaledInput.size': ({ index, name, measured, threshold, source }) =>
    `输入未缩放：特征 ${name || index} 的大小（均方根）为 ${figure(measured)}，超过 ${figure(threshold)}（${source}）。`,
  'finding.unscaledInput.small': ({ index, name, measured, threshold, source }) =>
    `输入未缩放：最大的特征 ${name || index} 的大小（均方根）也只有 ${figure(measured)}，低于 ${figure(threshold)}（${source}）。`,
  'finding.unscaledInput.offset': ({ index, name, measured, threshold, source }) =>
    `输入未缩放：特征 ${name || index} 的均值是其标准差的 ${figure(measured)} 倍，超过 ${figure(threshold)}（${source}）。`,
  'finding.unscaledInput.spread': ({ index, name, measured, threshold, source }) =>
    `输入未缩放：特征 ${name || index} 是最小特征的 ${figure(measured)} 倍，超过 ${figure(threshold)}（${source}）。`,
  'finding.imbalance': ({ common, rare, commonCount, rareCount, error, threshold, errorThreshold, source }) =>
    `类别不均衡：${common} 有 ${commonCount} 个样本，${rare} 只有 ${rareCount} 个，超过 ${figure(threshold)} 比 1；${rare} 中有 ${percentage(error)} 判错，超过 ${percentage(errorThreshold)}（${source}）。`,
  'finding.overfitting': ({ test, best, step, train, measured, threshold, source }) =>
    `网络在死记训练样本：测试损失从第 ${step} 步的 ${figure(best)} 升到 ${figure(test)}，而训练损失为 ${figure(train)}；升幅为常数预测损失的 ${percentage(measured)}，超过 ${percentage(threshold)}（${source}）。`,
  'finding.notFinite': ({ where, nan, infinite, source }) =>
    `${where} 的数值不是有限数：${nan} 个 NaN，${infinite} 个无穷大（${source}）。`,
  'finding.notFinite.loss': ({ step, source }) => `第 ${step} 步的损失不是有限数（${source}）。`,

  'lint.outputActivation': ({ where, activation }) =>
    `输出在进入损失函数之前经过了 ${activation}（${where}），而损失函数需要原始输出：有些答案因此永远给不出来。`,
  'lint.unreachable': ({ where, activation, measured, threshold }) =>
    `输出经过 ${activation}（${where}），止于 ${figure(threshold)}，而目标达到 ${figure(measured)}。`,
  'lint.dropoutOutput': ({ where }) => `${where} 在计算损失之前随机丢弃网络的输出。`,
  'lint.doubleLinear': ({ where, first }) => `${first} 与 ${where} 之间没有非线性：两层的能力不超过一层。`,
  'lint.deepSaturating': ({ where, depth, activation, measured, threshold }) =>
    `从 ${where} 起连续 ${depth} 层使用 ${activation} 之类的激活，既无归一化也无旁路：能通过的梯度约为 ${figure(measured)}，低于 ${figure(threshold)}。`,
  'lint.singleValueNorm': ({ where }) => `${where} 只归一化一个数值，结果总是 0。`,
  'lint.biasBeforeNorm': ({ where }) => `${where} 的偏置不起作用：其后的批归一化会减去均值。`,
  'lint.largeDropout': ({ where, measured, threshold }) =>
    `${where} 丢弃 ${percentage(measured)} 的数值，超过 ${percentage(threshold)}：每一步都缺少大部分已学到的内容。`,
  'lint.equalWeights': ({ where }) => `${where} 的所有权重初值相同，其神经元学到的也都相同。`,
  'lint.largeWeights': ({ where, measured, threshold }) =>
    `${where} 的初始权重把大小为 1 的输入变成 ${figure(measured)}，超过 ${figure(threshold)}：其激活一开始就饱和。`,
  'lint.fadingSignal': ({ where, measured, threshold }) =>
    `初始权重太小：经过 ${where} 后只剩输入大小的 ${figure(measured)}，低于 ${figure(threshold)}。`,
  'lint.growingSignal': ({ where, measured, threshold }) =>
    `初始权重太大：经过 ${where} 后信号是输入大小的 ${figure(measured)} 倍，超过 ${figure(threshold)}。`,
  'lint.rateTooHigh': ({ optimizer, measured, threshold }) =>
    `学习率 ${figure(measured)} 远高于 ${optimizer} 能用的范围，最多约 ${figure(threshold)}。`,
  'lint.rateTooLow': ({ optimizer, measured, threshold }) =>
    `学习率 ${figure(measured)} 对 ${optimizer} 来说什么也改变不了：低于 ${figure(threshold)}。`,

  'cure.elu': '改用 ELU 与 LeCun 初始化，最接近 SELU',
  'cure.reluHe': '隐藏层改用 ReLU 与 He 初始化',
  'cure.tanh': '隐藏层改用 tanh 与 Glorot 初始化',
  'cure.leaky': '用 leaky ReLU 代替 ReLU',
  'cure.initialize': '按激活函数选择初始权重（He、LeCun、Glorot）',
  'cure.batchNorm': '每个隐藏层后加批归一化',
  'cure.layerNorm': '每个隐藏层后加层归一化',
  'cure.residual': '把隐藏层两两组成残差块',
  'cure.normaliseInput': '在第一层之前加批归一化以缩放输入',
  'cure.clip': ({ norm }) => `按范数 ${norm} 裁剪梯度`,
  'cure.adam': ({ rate }) => `Adam，学习率 ${rate}`,
  'cure.rate': ({ rate }) => `学习率 ${rate}`,
  'cure.lowerRate': ({ rate }) => `降低学习率：${rate}`,
  'cure.higherRate': ({ rate }) => `提高学习率：${rate}`,
  'cure.plateau': '损失停滞时学习率减半',
  'cure.batchSize': ({ size }) => `批大小 ${size}`,
  'cure.accumulate': ({ batches }) => `每步累积 ${batches} 个批次的梯度`,
  'cure.weightDecay': ({ decay }) => `权重衰减 ${decay}`,
  'cure.dropout': ({ rate }) => `隐藏全连接层后加 dropout ${rate}`,
  'cure.lessDropout': ({ rate }) => `dropout ${rate}`,
  'cure.noDropout': '去掉 dropout',
  'cure.smaller': '隐藏层神经元减到四分之一',
  'cure.wider': '隐藏层神经元增到四倍',
  'cure.remove': ({ type }) => `去掉这个 ${type}`,
  'cure.between': ({ activation }) => `在两层之间加 ${activation}`,
  'cure.noBias': '去掉这个偏置',
}
