import { expect, test } from 'vitest'
import { idle, noWork } from '../../src/app/run/state.ts'
import { Waiting } from '../../src/app/words/waiting.ts'
import { suggested } from '../../src/app/run/describe.ts'

const running = suggested({ inputShape: [2], outputs: 1, train: { count: 8, y: new Float32Array(8) } })
const preparing = (done: number) => ({
  work: { kind: 'preparing', done, what: 'shell.compiling' } as const,
  playing: false,
  live: idle,
  running: null,
})
const started = { work: noWork, playing: true, live: idle, running }
const moving = { ...started, live: { ...idle, step: 1 } }

test('preparing is told with its share, and with what is left once that can be told and lasts', () => {
  const wait = new Waiting()
  expect(wait.text(preparing(0), 0)).toBe('Compiling kernels …')
  expect(wait.text(preparing(0.2), 2000)).toBe('Compiling kernels … 20 %')
  expect(wait.text(preparing(0.2), 6000)).toBe('Compiling kernels … 20 %, about 30 s left')
  expect(wait.text(preparing(0.1), 12_000)).toBe('Compiling kernels … 10 %, about 2 min left')
  expect(wait.text(preparing(0.9), 12_000)).toBe('Compiling kernels … 90 %')
})

test('the first step is told until it is done, and its time once it lasts; the next run begins anew', () => {
  const wait = new Waiting()
  wait.text(preparing(0.9), 0)
  expect(wait.text(started, 20_000)).toBe('First step …')
  expect(wait.text(started, 32_000)).toBe('First step … 12 s')
  expect(wait.text(moving, 33_000)).toBeNull()
  expect(wait.text({ ...started, playing: false }, 34_000)).toBeNull()
  expect(wait.text(started, 50_000)).toBe('First step …')
  expect(wait.text(preparing(0.5), 60_000)).toBe('Compiling kernels … 50 %')
})
