import { expect, test } from 'vitest'
import { evaluationText, ProgressBar, progressText, reachedText, shownTime } from '../../tools/cli/progress-bar.mjs'

const progress = { step: 50, steps: 200, loss: 0.25, accuracy: 0.5, stepsPerSecond: 2 }

test('progress tells loss, speed and time left', () => {
  expect(progressText(progress)).toBe('step 50/200  loss 0.2500  accuracy 50.0 %  2.0 steps/s  1:15 left')
  expect(progressText({ ...progress, accuracy: null, loss: null, stepsPerSecond: 812 })).toBe(
    'step 50/200  loss not finite  812 steps/s  0:00 left',
  )
  expect(evaluationText({ step: 50, epoch: 1.25, loss: 0.1, accuracy: 0.975 })).toBe(
    'epoch 1.25  step 50  test loss 0.1000  accuracy 97.50 %',
  )
})

test('the end tells what was reached on each part', () => {
  const train = { loss: 0.25, accuracy: 0.5 }
  expect(reachedText({ step: 15, epoch: 3, train, test: { loss: null, accuracy: 0.375 } })).toBe(
    'trained 15 steps (3 epochs): train loss 0.2500, accuracy 50.00 %; test loss not finite, accuracy 37.50 %',
  )
  expect(reachedText({ step: 1, epoch: 1, train: { loss: 1, accuracy: null }, test: null })).toBe(
    'trained 1 step (1 epoch): train loss 1.0000',
  )
})

test.each([
  [0, '0:00'],
  [59.6, '1:00'],
  [3600, '1:00:00'],
  [3725, '1:02:05'],
  [Infinity, '–'],
])('%d seconds', (seconds, text) => {
  expect(shownTime(seconds)).toBe(text)
})

function written(isTTY: boolean) {
  const texts: string[] = []
  return { texts, bar: new ProgressBar({ write: (text: string) => texts.push(text), isTTY, columns: 60 }) }
}

test('a terminal sees one line redrawn within its width', () => {
  const { texts, bar } = written(true)
  bar.progress(progress)
  bar.progress({ ...progress, step: 100 })
  bar.line('done')
  expect(texts.slice(0, 2).every((text) => text.startsWith('\r') && !text.includes('\n') && text.length < 65)).toBe(true)
  expect(texts.at(-1)).toBe('done\n')
})

test('elsewhere lines come seldom', () => {
  const { texts, bar } = written(false)
  for (let step = 1; step <= 100; step++) bar.progress({ ...progress, step })
  expect(texts).toHaveLength(1)
  expect(texts[0]).toMatch(/^\[ {24}\] {3}0 % {2}step 1\/200 .*\n$/)
})
