import { expect, test } from 'vitest'
import { roundedUp, standing, tellingLoss, verdict, type Contestant } from '../../src/answers/contest.ts'
import { contenderOf, contenders, optimizerOf } from '../../src/answers/optimizers.ts'
import { en } from '../../src/words/en/index.ts'
import { message, say } from '../../src/words/say.ts'

const of = (name: string, loss: (number | null)[], more: Partial<Contestant> = {}): Contestant => ({
  title: message('experiments.named', { name }),
  steps: loss.map((_, i) => 10 * (i + 1)),
  loss,
  secondsPerStep: 0.5,
  flopsPerStep: 1,
  optimizerBytes: 8,
  ...more,
})
const writing = { steps: String, loss: String }
const told = (all: Contestant[], target: number) => {
  const sentence = verdict(all, target, writing)
  return sentence && say(en, sentence)
}

test('a network stands where its loss is, and reaches a loss at its first step at or below it', () => {
  const adam = of('Adam', [1, 0.5, 0.1, 0.2])
  expect(standing(adam, 0.5)).toEqual({ loss: 0.2, stepsTo: 20, secondsTo: 10 })
  expect(standing(adam, 0.05)).toEqual({ loss: 0.2, stepsTo: null, secondsTo: null })
  expect(standing({ ...adam, secondsPerStep: null }, 0.5).secondsTo).toBeNull()
  expect(standing(of('none', []), 1).loss).toBeNull()
  expect(standing(of('odd', [1, null]), 1).loss).toBeNaN()
})

test('the loss that is asked for is round, and half of them have reached it', () => {
  expect([0.0011, 0.1, 0.34, 0.71, 15, 0.07].map(roundedUp)).toEqual([0.0015, 0.1, 0.5, 1, 15, 0.07])
  const all = [
    [1, 0.02],
    [1, 0.3],
    [1, 0.9],
    [1, null],
  ].map((loss, i) => of(String(i), loss))
  expect(tellingLoss(all)).toBe(0.3)
  expect(tellingLoss([of('none', [])])).toBeNull()
  expect(tellingLoss([of('perfect', [0])])).toBeNull()
})

test('the verdict names the first, the next and their memory', () => {
  const adam = of('Adam', [1, 0.5, 0.1], { optimizerBytes: 16 })
  const nesterov = of('Nesterov', [1, 0.6, 0.5, 0.1])
  const sgd = of('SGD', [1, 0.9, 0.8, 0.7], { optimizerBytes: 0 })
  expect(told([nesterov, adam, sgd], 0.1)).toBe('Adam reaches a loss of 0.1 in 30 steps, Nesterov in 40 at half the memory.')
  expect(told([nesterov, adam], 0.5)).toBe('Adam reaches a loss of 0.5 in 20 steps, Nesterov in 30 at half the memory.')
  expect(told([adam, { ...nesterov, loss: adam.loss, steps: adam.steps }], 0.1)).toBe(
    'Adam reaches a loss of 0.1 in 30 steps, Nesterov is as fast, with 30 at half the memory.',
  )
  expect(told([adam, sgd], 0.1)).toBe('Adam reaches a loss of 0.1 in 30 steps; no other has reached it.')
  expect(told([adam, { ...sgd, loss: [1, 0.5, 0.2, 0.1] }], 0.1)).toContain('SGD in 40 with no memory of its own.')
  expect(told([sgd], 0.1)).toBeNull()
})

test('seven optimizers are compared, each known again by its settings', () => {
  expect(contenders.map(({ title }) => say(en, title))).toEqual(['SGD', 'Momentum', 'Nesterov', 'Adam', 'AdamW', 'RMSprop', 'Adagrad'])
  for (const contender of contenders) {
    const optimizer = optimizerOf(contender, { type: 'adam', learningRate: 1, weightDecay: 0.1 }, 0.2)
    expect(optimizer).toMatchObject({ ...contender.settings, learningRate: 0.2, weightDecay: 0.1 })
    expect(contenderOf(optimizer)).toBe(contender)
  }
  expect(contenderOf({ type: 'sgd', learningRate: 1, momentum: 0.5 }).id).toBe('momentum')
})
