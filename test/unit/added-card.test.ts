/** A further chart card is a literal and an entry in the list: it is measured for while it is in sight, and handed what was found. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Card, Frame, Unmeasured } from '../../src/app/charts/card.ts'
import { cards } from '../../src/app/charts/cards.ts'
import { setText } from '../../src/app/ui/dom.ts'
import type { FakeDom } from './fake-dom.ts'
import { fakePage, frame, refreshed } from './fake-refresher.ts'

let dom: FakeDom
beforeEach(() => {
  dom = fakePage()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Takes some time to pass, in which whatever is due is measured. */
async function pass(): Promise<void> {
  vi.advanceTimersByTime(1000)
  await frame(8)
}

const handed: Frame<'statistics'>[] = []
const cleared: Unmeasured[] = []
beforeEach(() => {
  handed.length = cleared.length = 0
})

/** How many tensors there are. */
const added: Card<'statistics'> = {
  id: 'added',
  title: 'charts.norms.title',
  name: 'charts.norms.name',
  needs: 'statistics',
  make: ({ body }) => ({
    show(found) {
      handed.push(found)
      setText(body, `${found.statistics.length} tensors`)
    },
    clear(network) {
      cleared.push(network)
      setText(body, '')
    },
  }),
}

test('a card that is added stands last in the rail, is measured for in sight, not hidden, and is handed the result', async () => {
  const { session, turns, statistics } = await refreshed({ cards: [...cards, added] })
  const rail = dom.byId('cards').children.map((element) => element.getAttribute('id'))
  expect(rail).toEqual(['comparison', 'curves', 'prediction', 'norms', 'histograms', 'cost', 'added'].map((id) => `card-${id}`))
  const card = dom.byId('card-added')
  expect(card.children[0]?.children[0]?.textContent).toBe('Gradient norm per layer')
  expect(card.getAttribute('aria-label')).toBe('Gradient norm of every parameter')

  await Promise.all([session.step(), turns.rest()])
  await pass()
  expect(statistics.reads).toBe(0)

  dom.see('card-added', true)
  await pass()
  expect(statistics.reads).toBe(1)
  expect(handed).toHaveLength(1)
  expect(handed[0]).toMatchObject({ need: 'statistics', hasGradient: true, layers: session.trainer?.model.layers })
  expect(card.textContent).toContain('4 tensors')

  // Nothing has changed since.
  await pass()
  expect(statistics.reads).toBe(1)
  await Promise.all([session.step(), turns.rest()])
  await pass()
  expect(statistics.reads).toBe(2)

  dom.see('card-added', false)
  await Promise.all([session.step(), turns.rest()])
  await pass()
  expect(statistics.reads).toBe(2)

  // One card in sight is enough for all that need the same.
  dom.see('card-norms', true)
  await pass()
  expect(statistics.reads).toBe(3)
  expect(handed).toHaveLength(3)
})

test('it hears of another network, and is handed nothing of the one before', async () => {
  const { session, turns, statistics } = await refreshed({ cards: [...cards, added] })
  dom.see('card-added', true)
  await Promise.all([session.step(), turns.rest()])
  let arrive = () => {}
  statistics.until = new Promise((resolve) => (arrive = resolve))
  await pass()
  expect(statistics.reads).toBe(1)
  const before = cleared.length
  await Promise.all([session.reset(), turns.rest()])
  expect(cleared.length).toBeGreaterThan(before)
  expect(cleared.at(-1)?.parameters.map(({ path }) => path)).toEqual(
    ['0.weight', '0.bias', '2.weight', '2.bias'].map((path) => `layers.${path}`),
  )
  arrive()
  await frame()
  expect(handed).toEqual([])
  await pass()
  expect(handed).toMatchObject([{ hasGradient: false }])
})

test('what only the run tells is shown once the card is in sight', async () => {
  const shown: number[] = []
  const told: Card<'curves'> = {
    id: 'told',
    title: 'charts.curves.title',
    name: 'charts.curves.name',
    needs: 'curves',
    make: () => ({ show: ({ state }) => shown.push(state.live.step) }),
  }
  const { session, turns } = await refreshed({ cards: [told] })
  await Promise.all([session.step(), turns.rest()])
  await frame()
  expect(shown).toEqual([])
  dom.see('card-told', true)
  await frame(3)
  expect(shown).toEqual([1])
})
