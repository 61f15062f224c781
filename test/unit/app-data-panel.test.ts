/** The data panel on a page without a browser. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dataPanel } from '../../src/app/data/panel.tsx'
import type { Session } from '../../src/app/run/session.ts'
import { createState } from '../../src/app/run/state.ts'
import { speak } from '../../src/app/words/language.ts'
import { presetNames } from '../../src/data/presets.ts'
import type { Dataset } from '../../src/data/types.ts'
import { drawn, fakeDom, type FakeElement } from './fake-dom.ts'

const iris: Dataset = {
  name: 'iris.csv',
  inputShape: [4],
  outputs: 3,
  classes: ['a', 'b', 'c'],
  train: { count: 1200, x: new Float32Array(0), y: new Int32Array(0) },
  notes: ['Read by hand.'],
}

let body: FakeElement
let state: ReturnType<typeof createState>
let chosen: string[]
beforeEach(() => {
  body = fakeDom().byId('data')
  state = createState()
  chosen = []
  dataPanel({ state } as unknown as Session, presetNames, { choose: (name) => chosen.push(name), open: () => {} })
})
afterEach(() => void vi.unstubAllGlobals())
const checked = () => body.querySelectorAll('button[aria-checked="true"]')
const reached = () => body.querySelectorAll('button[role="radio"][tabindex="0"]').map(({ textContent }) => textContent)
const tile = (name: string) => body.querySelector(`button[data-preset="${name}"]`)!

test('every preset has a tile with a title; the one at hand is checked, and Tab comes to it', async () => {
  expect(
    body
      .querySelectorAll('button[role="radio"]')
      .slice(0, -1)
      .map((own) => own.getAttribute('data-preset')),
  ).toEqual(presetNames)
  for (const name of presetNames) expect(tile(name).getAttribute('title'), name).toBeTruthy()
  expect([checked().length, reached()]).toEqual([0, ['article']])
  tile('lenet5-cifar10').fire('click')
  expect(chosen).toEqual(['lenet5-cifar10'])
  state.set({ preset: 'iris' })
  await drawn()
  expect([checked().map(({ textContent }) => textContent), reached()]).toEqual([['iris'], ['iris']])
})

test('own data have a tile, with facts and notes; the elements stay as they are', async () => {
  const before = body.querySelectorAll('button')
  state.set({ preset: null, dataset: iris })
  await drawn()
  expect([checked().map(({ textContent }) => textContent), reached()]).toEqual([['iris.csv'], ['iris.csv']])
  expect(body.querySelectorAll('dd').map(({ textContent }) => textContent)).toEqual(['1,200 train · 0 test', '4 numbers', '3 classes'])
  expect(body.querySelector('details')!.textContent).toBe('About this dataRead by hand.')
  const details = body.querySelector('details')!
  details.open = true
  state.set({ preset: 'article' })
  await drawn()
  expect([details.open, body.querySelector('summary')!.textContent]).toEqual([true, 'About this data'])
  state.set({ dataset: { ...iris } })
  await drawn()
  expect([details.open, body.querySelector('summary')!.textContent]).toEqual([false, 'Fixes made to the article’s code'])
  expect(body.querySelectorAll('button')).toEqual(before)
  await speak('zh')
  await drawn()
  expect(body.querySelector('summary')!.textContent).toBe('对文章代码的修正')
  await speak('en')
})
