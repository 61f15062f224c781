import type { guide as english } from '../en/guide.ts'
import type { In } from '../say.ts'

export const guide: In<typeof english> = {
  'guide.button': '引导示例',
  'guide.title': '载入一个会引出该问题的网络，并演示如何解答',
  'guide.step': ({ at, of }) => `第 ${at}/${of} 步`,
  'guide.end': '结束示例',
  'guide.rate.test': '该网络的学习率为 0.00001，损失几乎不下降。请测试多个学习率，每个使用多个种子。',
  'guide.rate.use': '色带是各学习率达到的损失，阴影区间内所有种子都能学会。请采用建议的学习率。',
  'guide.rate.watch': '损失开始下降。撤销可恢复原来的学习率。',
  'guide.optimizer.race': '该网络使用普通梯度下降。请与另外六种优化器对比，每种都采用各自测试得出的学习率。',
  'guide.optimizer.read': '结论指出哪种最快，表格列出各自的代价。请采用合适的一种，它会从当前位置继续训练。',
  'guide.optimizer.undo': '它现在就是当前训练。撤销可让其余网络回到原来的位置。',
  'guide.health.wait': '二十层 sigmoid：前几层几乎得不到梯度。页面会测量每一层，并很快给出结论。',
  'guide.health.cure': '结论说明测得的数值与所用的阈值。请把第一个改进方案作为对照实验运行。',
  'guide.health.compare': '两个网络使用相同的批次训练。曲线显示梯度在各自网络中能传到多深。',
}
