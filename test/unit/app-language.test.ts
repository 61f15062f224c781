/** Texts follow the language that is spoken. */
import { message } from '../../src/words/say.ts'
import { effect } from '@preact/signals'
import { afterEach, expect, test } from 'vitest'
import { idle, noWork } from '../../src/app/run/state.ts'
import { suggested } from '../../src/app/run/describe.ts'
import { earlyEnds, runEnd } from '../../src/app/shell/run-end.ts'
import * as format from '../../src/app/words/format.ts'
import { language, said, speak, t } from '../../src/app/words/language.ts'
import { layerNames, parameterName } from '../../src/app/words/layer-names.ts'
import { columnWords, groupWords, settingWords } from '../../src/app/words/layer-words.ts'
import { Waiting } from '../../src/app/words/waiting.ts'
import { conv2d, dense, maxPool2d, residual } from '../../src/model/layers.ts'
import { NamePlan } from '../../src/view/name-plan.ts'
import { collapse } from '../../src/view/collapse.ts'
import { en } from '../../src/words/en/index.ts'
import { zh } from '../../src/words/zh/index.ts'
import { observed } from './observed.ts'

afterEach(() => speak('en'))

test('what is made of signals is said anew in another language', async () => {
  const heard: string[] = []
  const stop = effect(() => void heard.push(`${language.value}: ${t('shell.play')}, ${format.epochs(2.5)}`))
  await speak('zh')
  await speak('en')
  stop()
  expect(heard).toEqual(['en: Play, 2.5 epochs', 'zh: 开始, 2.5 轮', 'en: Play, 2.5 epochs'])
})

test('every sentence has words in both languages, and of one kind', () => {
  expect(Object.keys(zh).toSorted()).toEqual(Object.keys(en).toSorted())
  for (const [code, word] of Object.entries(zh)) {
    expect([code, typeof word]).toEqual([code, typeof en[code as keyof typeof en]])
    expect([code, word === '']).toEqual([code, false])
  }
})

test('layers, their settings and parameters have names of the language; what engineers write in Latin stays', async () => {
  const layers = [dense(8), residual([conv2d(4, 3, { padding: 1, bias: false }), maxPool2d(2)], [conv2d(4, 1)]), dense(2)]
  await speak('zh')
  const names = layerNames(layers)
  expect([...names.values()]).toEqual(['全连接 1', '残差块 1', '残差块 1 · 卷积 1', '残差块 1 · 卷积 1', '全连接 2'])
  expect(parameterName('layers.2.weight', names)).toBe('全连接 2 权重')
  expect(settingWords(conv2d(4, 3, { padding: 1, bias: false }))).toContain('无偏置')
  expect(groupWords(layers[1]!)).toMatch(/^卷积 4\s个\s3×3、最大池化 2×2；捷径：卷积 4\s个\s1×1$/)
})

test('the picture’s names are of the language that its view is told; the labels stay as they are', async () => {
  await speak('zh')
  const network = observed([2], [dense(3), residual([dense(3)]), dense(1)])
  const titles = (plan: NamePlan) => plan.names.sets[0]!.map(({ title, rest }) => [title, ...rest].join(' · '))
  const shown = collapse(network, new Set())
  const width = (text: string) => 6 * text.length
  expect(titles(new NamePlan(shown, width, said))).toEqual(['输入 2', '全连接 3', '残差块 · 3', '全连接 1'])
  expect(titles(new NamePlan(shown, width))).toEqual(['input 2', 'dense 3', 'residual · 3', 'dense 1'])
  expect(new NamePlan(shown, width, said).names.sets[0]![2]!.toggle).toMatchObject({ title: '展开残差块', isOpen: false })
  expect(shown.columns.map(({ label }) => label)).toEqual(['input 2', 'dense 3', 'residual · 3', 'dense 1'])
  expect(columnWords(shown.columns[2]!)).toBe('残差块 · 3')
})

const running = { ...suggested({ inputShape: [2], outputs: 1, train: { count: 8, y: new Float32Array(8) } }), epochs: 8 }
const ended = { playing: false, stopped: null, restored: null, running, goal: 16, work: noWork, live: { ...idle, step: 16, epoch: 8 } }

test('the end of a run is told in one or two sentences, and what Play does then', async () => {
  const stopped = { step: 20, part: 'test', best: { step: 1200, loss: 0.5 } } as const
  const early = { ...ended, stopped, restored: 1200, running: { ...running, earlyStopping: { patience: 2 } } }
  expect(runEnd({ ...ended, playing: true })).toBeNull()
  expect(runEnd({ ...ended, live: { ...idle, step: 3 } })).toBeNull()
  const told = (state: Parameters<typeof runEnd>[0]) => {
    const end = runEnd(state)
    return end && [end.more, said(end.told)]
  }
  expect(told(ended)).toEqual([8, '8 epochs done.'])
  expect(told(early)).toEqual([
    null,
    'Ended early: 2 evaluations in a row were no better than the test loss of 0.5000 at step 1,200. The parameters of step 1,200, the best, are back.',
  ])
  await speak('zh')
  expect(told(early)).toEqual([null, '提前结束：连续 2 次评估都没有优于第 1,200 步的测试损失 0.5000。已恢复第 1,200 步的最佳参数。'])
})

test('compared networks that end before the others are told while these go on', () => {
  const [title, ...others] = ['plain', 'ReLU', 'norm'].map((name) => message('experiments.named', { name }))
  const compared = { ...running, experiments: { title: title!, list: others.map((one) => ({ title: one, change: {} })), shown: 0 } }
  const of = (playing: boolean, endedAt: (number | null)[]) => {
    const ends = earlyEnds({ playing, endedAt, running: compared })
    return ends && said(ends)
  }
  expect(of(true, [null, null, null])).toBeNull()
  expect(of(false, [16, 16, 16])).toBeNull()
  expect(of(true, [16, null, 1200])).toBe('Ended early: plain at step 16, norm at step 1,200. The others go on.')
})

test('waiting is told in the language at hand', async () => {
  const wait = new Waiting()
  const preparing = { work: { kind: 'preparing', done: 0.2, what: 'shell.compiling' } as const, playing: false, live: idle, running: null }
  wait.text(preparing, 0)
  await speak('zh')
  expect(wait.text(preparing, 6000)).toBe('正在编译计算内核… 20 %，约剩 30 秒')
  expect(wait.text({ ...preparing, work: { kind: 'loading', preset: 'mnist' } }, 6000)).toBe('正在加载 mnist…')
})
