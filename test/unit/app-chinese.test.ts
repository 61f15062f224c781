/** What the page says in Chinese: every kind of layer and every setting of one has a Chinese name, and no blank stands between Chinese characters. */
import { message } from '../../src/words/say.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fieldsOf } from '../../src/app/network/fields.ts'
import { rowName } from '../../src/app/network/editing.ts'
import { startText } from '../../src/app/data/start-text.ts'
import type { Description } from '../../src/app/run/state.ts'
import { earlyEnds } from '../../src/app/shell/run-end.ts'
import { suggested } from '../../src/app/run/describe.ts'
import { furtherRows } from '../../src/app/training/training-rows.ts'
import { said, speak } from '../../src/app/words/language.ts'
import { columnWords, groupWords, settingWords } from '../../src/app/words/layer-words.ts'
import { anatomyOf } from '../../src/model/anatomy.ts'
import { depthVariants } from '../../src/data/depth-comparison.ts'
import { isActivation } from '../../src/model/catalogue/activations.ts'
import { layerTypes } from '../../src/model/catalogue/layers.ts'
import { avgPool2d, batchNorm, conv2d, dense, dropout, flatten, leakyRelu, maxPool2d, relu, residual } from '../../src/model/layers.ts'
import type { Layer } from '../../src/model/types.ts'
import { zh } from '../../src/words/zh/index.ts'

beforeAll(() => speak('zh'))
afterAll(() => speak('en'))

test('a kind of layer without a Chinese title is named here: add it to `titles` in src/words/zh/layers.ts', () => {
  const untitled = (types: readonly string[]) => types.filter((type) => zh['layers.title']({ type, title: 'English' }) === 'English')
  expect(untitled(layerTypes.filter((type) => !isActivation(type)))).toEqual([])
  expect(untitled(['dense', 'planted'])).toEqual(['planted'])
})

test('a setting without a Chinese name is named here: add `named.setting.KEY` to src/words', () => {
  const unnamed = layerTypes.flatMap((type) =>
    fieldsOf({ type } as Layer)
      .map(({ label }) => label)
      .filter((label) => /[a-z]/i.test(label)),
  )
  expect(unnamed).toEqual([])
})

test('the picture carries the titles', () => {
  const labels = (input: number[], layers: Layer[]) =>
    anatomyOf({ input, layers } as Parameters<typeof anatomyOf>[0]).columns.map((column) => columnWords(column).replaceAll('\u00a0', ' '))
  expect(labels([3], [dense(16), batchNorm(), relu(), dropout(0.5), residual([dense(16)]), dense(2)])).toEqual([
    '输入 3',
    '全连接 16 · 批归一化 · ReLU · Dropout 0.5',
    '全连接 16 · + 捷径',
    '全连接 2',
  ])
  expect(labels([1, 8, 8], [conv2d(4, 3), maxPool2d(2), avgPool2d(3), flatten(), leakyRelu()])).toEqual([
    '输入 8 × 8',
    '卷积 4 个 3 × 3',
    '最大池化 2',
    '平均池化 3',
    '展平 · leaky ReLU',
  ])
})

test('so do the rows of the rail', () => {
  const group = residual([conv2d(8, 3), relu(), conv2d(8, 3)], [conv2d(8, 1)])
  expect(groupWords(group)).toBe('2 × 卷积 8\u00a0个\u00a03×3；捷径：卷积 8\u00a0个\u00a01×1')
  expect(settingWords(conv2d(8, 3, { stride: 2, bias: false }))).toBe('3×3 · 步幅 2 · 无偏置')
  expect(rowName('layers.2.branches.1.0', dense(4))).toBe('第 3.分支.2.1 层，全连接')
  expect(rowName('layers.2.shortcut.0', dense(4))).toBe('第 3.捷径.1 层，全连接')
})

const data = { inputShape: [4], outputs: 3, train: { count: 10, y: new Int32Array(10) } }

test('no blank stands between Chinese characters where a value is put in', () => {
  expect(startText(data)).toBe('初始网络：单元数为 16、8 和 3 的全连接层，损失函数为交叉熵；运行中均可修改。')
})

test('compared networks go by the names of the language; one that a person gave stays', () => {
  const variants = [...depthVariants(), { name: 'plain', title: undefined, layers: [] }]
  expect(variants.map(({ name }) => name)).toEqual(['plain', 'ReLU', 'batch norm', 'residual', 'plain'])
  const [first, ...others] = variants.map(({ name, title }) => (title ? message(title) : message('experiments.named', { name })))
  const experiments = { title: first!, list: others.map((title) => ({ title, change: {} })), shown: 0 }
  const ends = earlyEnds({ playing: true, endedAt: variants.map(() => 8), running: { ...suggested(data), experiments } })!
  expect(said(ends)).toMatch(/：原始（第 8 步）、ReLU（第 8 步）、批归一化（第 8 步）、残差连接（第 8 步）、plain（第 8 步）。/)
})

test('a test as often as time allows is 自动, and auto too', () => {
  const row = furtherRows(() => 10).find(({ name }) => name === 'evaluateEvery')
  if (row?.kind !== 'number') throw new Error('no such row')
  for (const text of ['自动', ' auto ', 'Auto', 'none', '']) {
    const draft: Description = { ...suggested(data), evaluateEvery: 7 }
    row.write(draft, text as unknown as number)
    expect(draft.evaluateEvery).toBeUndefined()
    expect(row.read(draft)).toBe('自动')
  }
})
