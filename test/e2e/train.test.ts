import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { readSafetensors } from '../../src/model/safetensors.ts'
import type { History } from '../../src/model/history.ts'
import { gradscope, temporaryFolder } from './command.ts'
import { model, table, testFaultyFiles, testRefusedCalls } from './refused.ts'
import { another, test } from '../kinds.ts'

const historyIn = (folder: string): History => JSON.parse(readFileSync(join(folder, 'history.json'), 'utf8'))

another('the article: its loss falls from about a quarter to the variance of its targets', async () => {
  const out = join(temporaryFolder(), 'deep', 'out')
  const { status, stderr } = await gradscope(['train', '--preset', 'article', '--seed', '2', '--out', out])
  expect(stderr).toContain('steps/s')
  expect(status).toBe(0)
  const history = historyIn(out)
  expect(history).toMatchObject({ format: 'gradscope-history/1', seed: 2 })
  expect(history.step).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
  const loss = history.loss as number[]
  expect(loss[0]).toBeGreaterThan(0.2)
  expect(loss[0]).toBeLessThan(0.35)
  expect(loss.at(-1)).toBeLessThan(0.12)
  expect(Math.max(...loss.slice(1).map((value, i) => value - loss[i]!))).toBeLessThan(1e-6)
})

test('a model on a table, in the browser and on dawn: the same bytes, and a history with one entry a step', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'model.json'), JSON.stringify(model))
  writeFileSync(join(folder, 'colours.csv'), table(50))
  const words = ['train', '--model', 'model.json', '--data', 'colours.csv', '--test-fraction', '0.3', '--epochs', '3']
  const [first, second] = [
    await gradscope([...words, '--out', 'a'], folder),
    await gradscope([...words, '--out', 'b', '--runtime', 'dawn'], folder),
  ]
  expect([first.status, second.status]).toEqual([0, 0])
  expect(
    readFileSync(join(folder, 'a', 'view.png'))
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  expect(first.stdout).toMatch(
    /^trained 15 steps \(3 epochs\): train loss [\d.]+, accuracy [\d.]+ %; test loss [\d.]+, accuracy [\d.]+ %\nwrote a/,
  )
  expect(first.stderr).toMatch(/epoch 3 {2}step 15 {2}test loss [\d.]+ {2}accuracy [\d.]+ %/)
  expect(second.stderr).toContain('view.png is not written')
  expect(existsSync(join(folder, 'b', 'view.png'))).toBe(false)
  const history = historyIn(join(folder, 'a'))
  for (const key of ['step', 'epoch', 'loss', 'learningRate', 'trainAccuracy', 'testLoss', 'testAccuracy'] as const)
    expect(history[key]).toHaveLength(15)
  expect(history.testLoss.map((value) => value !== null)).toEqual(history.step.map((step) => step % 5 === 0))
  expect(history.trainAccuracy.at(-1)).not.toBeNull()
  expect(JSON.parse(readFileSync(join(folder, 'a', 'model.json'), 'utf8'))).toEqual(model)
  const bytes = (out: string) => readFileSync(join(folder, out, 'model.safetensors'))
  expect(bytes('a').equals(bytes('b'))).toBe(true)
  const { tensors, metadata } = readSafetensors(bytes('a'), 'model.safetensors')
  expect(metadata).toEqual({ format: 'gradscope-model/1' })
  expect(Object.fromEntries(Object.entries(tensors).map(([path, { shape }]) => [path, shape]))).toEqual({
    'layers.0.weight': [4, 2],
    'layers.0.bias': [4],
    'layers.2.weight': [3, 4],
    'layers.2.bias': [3],
  })
})

test('a run that is watched ends early and writes its best parameters, with the changed training beside them', async () => {
  const out = join(temporaryFolder(), 'out')
  const watched = '--patience 2 --minimum-improvement 0.05 --restore-best --evaluate-every 4'
  const changed = '--warmup 5 --accumulate 2 --weight-decay 0.01 --decay-weights-only'
  const words = `train --preset iris --runtime dawn ${watched} ${changed} --out`.split(' ')
  const { status, stdout, stderr } = await gradscope([...words, out])
  expect(status).toBe(0)
  const [, stopped, best] = /Stopped at step (\d+): the test loss has not improved in 2 evaluations on its best, [\d.]+ at step (\d+)/.exec(
    stderr,
  )!
  expect(stderr).toContain(`The parameters written are those of step ${best}, the best evaluation.`)
  const history = historyIn(out)
  expect(history.step).toHaveLength(Number(stopped))
  expect(history.step.filter((_, i) => history.testLoss[i] !== null)).toEqual(history.step.filter((step) => step % 4 === 0))
  expect(history.learningRate.slice(0, 6).map((rate) => +rate!.toFixed(6))).toEqual([0.002, 0.004, 0.006, 0.008, 0.01, 0.01])
  expect(stdout).toContain(`test loss ${history.testLoss[Number(best) - 1]!.toFixed(4)}`)
  expect(JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'))).toMatchObject({
    warmup: 5,
    accumulate: 2,
    optimizer: { weightDecay: 0.01, decayBiasAndNorm: false },
  })
})

// The others: train.full.test.ts.
testFaultyFiles([
  [
    'an unknown layer',
    { 'model.json': JSON.stringify({ ...model, layers: [{ type: 'attention' }] }) },
    ['model.json', 'unknown layer attention at layers.0'],
  ],
  ['a ragged table', { 'colours.csv': `${table(20)}\n1,2` }, ['colours.csv', 'line 22', 'found 2', 'expected 3']],
])

testRefusedCalls([
  [[], 'needs --preset'],
  [['--preset', 'nope', '--out', 'o'], '--preset takes one of article, mnist'],
  [['--preset', 'xor'], 'needs --out'],
  [['--preset', 'xor', '--epochs', '0', '--out', 'o'], '--epochs takes a whole number of at least 1'],
])
