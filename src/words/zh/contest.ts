import type { contest as english } from '../en/contest.ts'
import type { In } from '../say.ts'

const memories = (ratio: number): string => {
  if (ratio === 0) return '，无需额外内存'
  if (!Number.isFinite(ratio)) return '，需要额外内存'
  if (Math.abs(ratio - 1) < 0.02) return ''
  if (Math.abs(ratio - 0.5) < 0.02) return '，内存减半'
  return `，内存为 ${Number(ratio.toPrecision(2))} 倍`
}

export const contest: In<typeof english> = {
  'contest.momentum': '动量法',
  'contest.best': ({ name, loss, steps }) => `${name} 用 ${steps} 步达到损失 ${loss}`,
  'contest.alone': ({ name, loss, steps }) => `${name} 用 ${steps} 步达到损失 ${loss}，其余尚未达到。`,
  'contest.next': ({ name, steps, isTie, memory }) => `${name} ${isTie ? '相当' : '次之'}，用 ${steps} 步${memories(memory)}`,
  'contest.both': ({ best, next }) => `${best}；${next}。`,

  'contest.noneReaches': ({ loss }) => `均未达到损失 ${loss}。`,
  'contest.picture': ({ data }) => `训练损失对比：${data}`,
  'contest.step': '步',
  'contest.hint': '各优化器从相同的权重出发，使用相同的批次，并各自采用测试得出的学习率。',
  'contest.compareAll': ({ count }) => `对比 ${count} 种优化器`,
  'contest.compareTitle': '先测试每种优化器的学习率，再从第 0 步起并行训练；可撤销以恢复当前训练。',
  'contest.testing': ({ name, at, of }) => `正在测试 ${name} 的学习率（${at}/${of}）`,
  'contest.cancel': '取消',
  'contest.noRate': ({ names }) => `以下优化器在所测学习率下损失均未下降，已略去：${names.join('、')}。`,
  'contest.tryBeside': '添加对照实验',
  'contest.try.choose': '添加对照…',
  'contest.try.halfRate': '学习率减半',
  'contest.try.doubleRate': '学习率加倍',
  'contest.try.doubleBatch': '批大小加倍',
  'contest.try.clip': '梯度裁剪到范数 1',
  'contest.target': '目标损失',
  'contest.table': '当前训练与对照实验',
  'contest.chart': '各网络训练损失随步数的变化',
  'contest.column.name': '网络',
  'contest.column.rate': '学习率',
  'contest.column.loss': '损失',
  'contest.column.test': '测试',
  'contest.column.steps': '步数',
  'contest.column.stepsTitle': ({ loss }) => `最近五步训练损失的均值降到 ${loss} 所需的步数`,
  'contest.column.seconds': '时间',
  'contest.column.secondsTitle': ({ loss }) => `达到损失 ${loss} 所需的时间，单独训练时测得`,
  'contest.column.flops': '计算量',
  'contest.column.flopsTitle': '每步的浮点运算次数',
  'contest.column.memory': '内存',
  'contest.column.memoryTitle': '优化器在参数之外占用的内存',
  'contest.seconds': ({ seconds }) => `${seconds} 秒`,
  'contest.show': ({ name }) => `在 3D 中显示 ${name}`,
  'contest.use': '采用',
  'contest.useTitle': ({ name }) => `采用 ${name}，单独继续训练；可撤销以恢复其余网络`,
  'contest.remove': ({ name }) => `移除 ${name}`,
  'contest.notYet': '尚未达到',
  'contest.none': '目前没有对照实验。',
  'contest.running': '可测试学习率，并在此与其他优化器对比。',
}
