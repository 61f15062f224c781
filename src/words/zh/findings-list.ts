import type { findingsList as english } from '../en/findings-list.ts'
import type { In } from '../say.ts'

export const findingsList: In<typeof english> = {
  'findingsList.title': '有什么问题',
  'findingsList.since': ({ step }) => `自第 ${step} 步起观察`,
  'findingsList.none': '没有发现问题。正在观察每一层的梯度、更新与输出，以及损失、数据和模型；参见阈值。',
  'findingsList.thresholds': '阈值',
  'findingsList.reset': '恢复文献值',
  'findingsList.input': '输入',
  'findingsList.neurons': ({ count }) => `${count} 个神经元`,
  'findingsList.critical': '严重',
  'findingsList.warning': '警告',
  'findingsList.note': '提示',
  'findingsList.show': '显示',
  'findingsList.cures': '可能的解决办法',
  'findingsList.try': '并行试验',
  'findingsList.try.named': ({ name }) => `与本次训练并行试验：${name}`,
  'findingsList.use': '采用',
  'findingsList.use.named': ({ name }) => `采用：${name}`,
}
