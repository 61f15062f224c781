import type { experiments as english } from '../en/experiments.ts'
import type { In } from '../say.ts'

export const experiments: In<typeof english> = {
  'experiments.run': '当前训练',
  'experiments.named': ({ name }) => name,
  'experiments.most': ({ most }) => `已有 ${most} 个对照实验，请先移除一个`,
}
