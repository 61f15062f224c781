import type { command as english } from '../en/command.ts'
import type { In } from '../say.ts'
import { listed, spaced } from './parts.ts'

export const command: In<typeof english> = {
  'command.data': '数据',
  'command.golden': '参照训练（golden）',
  'command.result': '测试结果',
  'command.ownLabels': ({ data }) => spaced`${data} 自带标签，只有表格（CSV、JSON）才能指定要预测的列。`,
  'command.ownTest': ({ data }) => spaced`${data} 自带测试集，应为没有测试集的数据。`,
  'command.noTensor': ({ where }) => spaced`缺少张量 ${where}`,
  'command.noSuite': ({ found, suites }) => spaced`没有测试组“${found}”，只有 ${listed(suites)}`,
  'command.noRow': ({ suite, found, rows }) => spaced`${suite} 中没有以“${found}”开头的行，现有 ${listed(rows)}`,
}
