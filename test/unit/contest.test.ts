import { expect, test } from 'vitest'
import { roundedUp, standing, tellingLoss, verdict, type Contestant } from '../../src/answers/contest.ts'
import { reachedIn } from '../../src/answers/reached.ts'
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

test('what a run reached at a step stays so however long it trains, and a later loss does not take it back', () => {
  const noise = (step: number) => 1 + 0.5 * Math.sin(step * 12.9898)
  const loss = Array.from({ length: 2000 }, (_, i) => noise(i) * Math.max(0.01, Math.exp(-i / 100)))
  const step = loss.map((_, i) => i + 1)
  const standingAfter = (steps: number, target: number) => {
    const { steps: at, loss: means } = reachedIn({ step: step.slice(0, steps), loss: loss.slice(0, steps) })
    return standing({ steps: at, loss: means, secondsPerStep: 1 }, target)
  }
  for (const target of [0.5, 0.1, 0.02]) {
    const { stepsTo } = standingAfter(2000, target)
    expect(stepsTo).toBeGreaterThan(10)
    for (const steps of [stepsTo!, stepsTo! + 1, 700, 1500]) expect(standingAfter(Math.max(steps, stepsTo!), target).stepsTo).toBe(stepsTo)
    expect(standingAfter(stepsTo! - 1, target).stepsTo).toBeNull()
  }
  // An easier loss is reached earlier.
  expect(standingAfter(2000, 0.5).stepsTo).toBeLessThan(standingAfter(2000, 0.1).stepsTo!)
  const { steps, loss: means } = reachedIn({ step, loss })
  expect(steps.length).toBeLessThan(1200)
  expect(means.at(-1)).toBeCloseTo(loss.slice(-5).reduce((sum, one) => sum + one) / 5, 12)
  expect(reachedIn({ step: [1, 2], loss: [1, null] }).loss.at(-1)).toBeNull()
})
