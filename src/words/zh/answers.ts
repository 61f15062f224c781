import type { answers as english } from '../en/answers.ts'
import type { In } from '../say.ts'

export const answers: In<typeof english> = {
  'answers.questions': '问题',
  'answers.tab': '诊断',
  'answers.close': '关闭',
  'answers.size': '面板高度',
  'answers.loading': '加载中…',
  'answers.found': ({ count }) => `${count} 项发现`,
  'answers.rate.title': '学习率',
  'answers.rate.question': '学习率选多大？',
  'answers.optimizer.title': '优化器',
  'answers.optimizer.question': '选哪种优化器？',
  'answers.health.title': '健康状况',
  'answers.health.question': '为什么学不会？',
}
