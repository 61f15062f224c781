import type { changes as english } from '../en/changes.ts'
import type { In } from '../say.ts'
import { spaced } from './parts.ts'

export const changes: In<typeof english> = {
  'change.form': ({ found }) => `应为 NAME=VALUE，实际为 ${found}`,
  'change.network': '网络',
  'change.loss': ({ loss }) => spaced`损失函数为 ${loss}`,
  'change.optimizer': ({ optimizer }) => spaced`优化器为 ${optimizer}`,
  'change.momentum': ({ momentum }) => `动量 ${momentum}`,
  'change.decaysAll': '权重衰减作用于所有参数',
  'change.decaysWeights': '权重衰减只作用于权重',
  'change.batchSize': ({ size }) => `批大小 ${size}`,
  'change.accumulate': ({ batches }) => `梯度累积 ${batches}`,
  'change.augmentation': '图像增强',
  'change.shuffled': '打乱样本',
  'change.inOrder': '样本按原顺序',
  'change.seed': ({ seed }) => `随机种子 ${seed}`,
  'change.data': ({ name }) => name,
  'change.all': ({ changes: all }) => all.join('、'),
  'change.restarted': ({ what }) => `已重新开始：${what}。`,
  'change.batchOfAll': ({ asked, count }) => spaced`模型文件的批大小 ${asked} 改为 ${count}：训练样本只有 ${count} 个。`,
  'change.targetsStandardised': ({ name }) => `${name ?? '目标值'}（标准化）`,
}
