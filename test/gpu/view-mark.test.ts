import { expect, test } from 'vitest'
import { changedAt, stage } from './view-stage.ts'

test('of a marked column the neurons that are named are lit, and no others, until it is marked anew', async () => {
  const { view, picture } = await stage([3, 4, 2])
  const places = [0, 1, 2, 3].map((index) => view.locate({ kind: 'neuron', column: 1, path: 'layers.0', index }))
  view.mark(1)
  const framed = picture()
  view.mark(1, [1, 3])
  const lit = changedAt(framed, picture(), places)
  expect(Math.min(lit[1]!, lit[3]!)).toBeGreaterThan(30)
  expect([lit[0], lit[2]]).toEqual([0, 0])
  // A finding may name neurons that a network shown since does not have.
  view.mark(1, [2, 400])
  const [first, second, third] = changedAt(framed, picture(), places)
  expect([first, second, third! > 30]).toEqual([0, 0, true])
  view.mark(1)
  expect(changedAt(framed, picture(), places)).toEqual([0, 0, 0, 0])
})
