import { expect, test } from 'vitest'
import { carried, createState, type Carried } from '../../src/app/run/state.ts'
import { display } from '../../src/app/run/display.ts'
import { collapsed, toggled } from '../../src/app/stage/open-groups.ts'
import { suggested } from '../../src/app/run/describe.ts'
import type { ModelPatch } from '../../src/model/patch.ts'
import type { Message } from '../../src/words/say.ts'
import type { Layer } from '../../src/model/types.ts'
import type { CollapsedObservation } from '../../src/view/collapse.ts'
import { observed } from './observed.ts'

/** What JSON gives back as it was. */
type Json<T> = T extends string | number | boolean | null
  ? T
  : T extends (...args: never) => unknown
    ? never
    : // The values of a sentence and the settings of a patch: JSON by their makers' types.
      T extends Message | ModelPatch
      ? T
      : { [K in keyof T]: Json<T[K]> }

/** Compiles while nothing in it is a function. */
const json = (value: Carried): Json<Carried> => value

test('what a link must carry comes back from JSON as it was', () => {
  const state = createState()
  const data = { inputShape: [2], outputs: 1, train: { count: 8, y: new Float32Array(8) } }
  state.set({ preset: 'xor', draft: { ...suggested(data), evaluateEvery: 5 }, speed: 12, precision: 'mixed' })
  const camera = { direction: [0, 0.6, -0.8], distance: 0.5, offset: [0.1, 0, 0] } as const
  display(state, { camera, map: 'cividis', sample: 3, edgesPerLayer: 250, groups: { network: 'own', paths: ['layers.1'] }, left: false })
  const carry = json(carried(state.value))
  expect(JSON.parse(JSON.stringify(carry))).toStrictEqual(carry)

  const next = createState()
  const { description, ...rest } = carried(state.value)
  next.set({ ...rest, draft: description })
  expect(carried(next.value)).toStrictEqual(carry)
  // The rest is measured, or known again from it.
  expect(next.value).toMatchObject({ running: null, live: createState().value.live })
})

test('groups that a person has opened stay so for that network, and for no other', () => {
  const residual: Layer = { type: 'residual', layers: [{ type: 'dense', units: 6 }, { type: 'tanh' }, { type: 'dense', units: 6 }] }
  const network = (units: number) => observed([2], [{ type: 'dense', units: 6 }, residual, { type: 'dense', units }])
  const isOpen = (shown: CollapsedObservation) => shown.groups.map((group) => group.isOpen)
  const own = toggled(network(1), null, 'layers.1')
  expect(isOpen(collapsed(network(1), null))).toEqual([true])
  expect(isOpen(collapsed(network(1), own))).toEqual([false])
  expect(isOpen(collapsed(network(3), own))).toEqual([true])
  expect(isOpen(collapsed(network(1), toggled(network(1), own, 'layers.1')))).toEqual([true])
})
