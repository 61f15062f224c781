import { describe, expect, test } from 'vitest'
import { answerOf } from '../../src/app/run/answer.ts'
import { verdict } from '../../src/app/charts/boundary.ts'
import { confusionOf, noAnswerText } from '../../src/app/charts/confusion.ts'
import { oddText } from '../../src/app/charts/odd-tensors.ts'
import { legendRows, unknownRows } from '../../src/app/stage/legend-rows.ts'
import { layerNames, parameterName } from '../../src/app/words/layer-names.ts'
import { countNonFinite, nonFiniteSentence, nonFiniteText } from '../../src/app/words/non-finite.ts'
import type { Dataset } from '../../src/data/types.ts'
import type { Observation, TensorView } from '../../src/graph/observation.ts'

test('what is not finite is counted in words, of how many', () => {
  const cases = [
    [0, 0, '', ''],
    [3, 0, 'NaN 3 of 1,200', '3 of 1,200 outputs are NaN'],
    [0, 2, 'infinite 2 of 1,200', '2 of 1,200 outputs are infinite'],
    [3, 1200, 'NaN 3, infinite 1,200 of 1,200', '1,203 of 1,200 outputs are NaN or infinite'],
  ] as const
  for (const [nan, infinite, text, sentence] of cases) {
    expect(nonFiniteText({ nan, infinite }, 1200)).toBe(text)
    expect(nonFiniteSentence({ nan, infinite }, 1200, 'outputs')).toBe(sentence)
  }
  expect(countNonFinite([1, NaN, -Infinity, Infinity, 0])).toEqual({ nan: 1, infinite: 2 })
})

describe('an answer', () => {
  test('is the first of the largest outputs; there is none with NaN, nor where the largest is infinite', () => {
    const cases: [number[], ReturnType<typeof answerOf>][] = [
      [[1, 3, 3], 1],
      [[-1, -Infinity, -2], 0],
      [[NaN, 1, 2], 'nan'],
      [[1, 2, NaN], 'nan'],
      [[Infinity, NaN, 0], 'nan'],
      [[0, Infinity, 0], 'infinite'],
      [[-Infinity, -Infinity, -Infinity], 'infinite'],
    ]
    for (const [outputs, expected] of cases) expect(answerOf([9, ...outputs, 9], 1, 3)).toBe(expected)
  })

  test('that there is not stands in no cell of the confusion matrix', () => {
    const confusion = confusionOf([0, 1, 1, 1], [1, 0, NaN, 0, 0, 1, Infinity, 0], 2)
    expect(confusion).toEqual({ counts: Uint32Array.of(1, 0, 0, 1), unanswered: Uint32Array.of(0, 2), nan: 1, infinite: 1 })
    expect(noAnswerText(confusion)).toBe('no answer: 2 of 4 outputs are NaN or infinite')
    const none = confusionOf([0, 1], new Float32Array(4).fill(NaN), 2)
    expect([...none.counts]).toEqual([0, 0, 0, 0])
    expect(noAnswerText(none)).toBe('no answer: 2 of 2 outputs are NaN')
    expect(noAnswerText(confusionOf([0, 1], [1, 0, 1, 0], 2))).toBe('')
  })

  test('that there is not colours no point of the plane', () => {
    const classes = { train: { y: Int32Array.of(0) } } as unknown as Dataset
    const numbers = { train: { y: Float32Array.of(0) } } as unknown as Dataset
    expect(verdict(Float32Array.of(NaN, 0), classes)).toBe('nan')
    expect(verdict(Float32Array.of(0, Infinity), classes)).toBe('infinite')
    expect(verdict(Float32Array.of(0, 100), classes)).toEqual({ best: 1, sureness: 1 })
    expect(verdict(Float32Array.of(NaN), numbers)).toBe('nan')
    expect(verdict(Float32Array.of(0.75), numbers)).toEqual({ best: 1, sureness: 0.5 })
  })
})

const layers = layerNames([{ type: 'dense', units: 2 }, { type: 'batchNorm' }, { type: 'dense', units: 2 }])

test('the card of the norms names the tensors that are not finite, parameters and gradients apart', () => {
  const tensor = (path: string, kind: 'weight' | 'bias' | 'norm', weights: number, gradients: number) => ({
    path,
    kind,
    count: 20,
    nonFiniteWeights: { nan: 0, infinite: weights },
    nonFiniteGradients: { nan: gradients, infinite: 0 },
  })
  const statistics = [
    tensor('layers.0.weight', 'weight', 3, 0),
    tensor('layers.1.weight', 'norm', 0, 2),
    tensor('layers.2.weight', 'weight', 0, 0),
  ]
  expect(oddText(statistics, layers, true)).toBe(
    'Gradients not finite: Norm 1 weight γ (NaN 2 of 20). Parameters not finite: Dense 1 weight (infinite 3 of 20).',
  )
  expect(oddText(statistics, layers, false)).toBe('Parameters not finite: Dense 1 weight (infinite 3 of 20).')
  expect(oddText(statistics.slice(2), layers, true)).toBe('')
  const many = Array.from({ length: 5 }, () => tensor('layers.0.weight', 'weight', 0, 20))
  expect(oddText(many, layers, true)).toMatch(/\(NaN 20 of 20\) and 2 more of 5 tensors\.$/)
})

test('γ and β of norms bear their letters', () => {
  expect(parameterName('layers.1.weight', layers, 'norm')).toBe('Norm 1 weight γ')
  expect(parameterName('layers.1.bias', layers, 'norm')).toBe('Norm 1 bias β')
  expect(parameterName('layers.2.weight', layers, 'weight')).toBe('Dense 2 weight')
})

test('the legend’s rows keep the counts, and NaN through one of several branches is not lost in an infinite one', () => {
  const arrival = {} as TensorView
  const observation = {
    blocks: [{ path: 'layers.0.weight', from: 0, to: 1 }],
    columns: [
      { path: 'input', label: 'input 2' },
      { path: 'layers.0', label: 'dense 2' },
    ],
    containers: [
      {
        path: 'layers.2',
        branches: [
          { isBypass: true, arrival },
          { isBypass: false, arrival },
          { isBypass: false, arrival },
        ],
      },
    ],
  } as unknown as Observation
  const counted = { nan: 4, infinite: 1, count: 9 }
  const path = (branch: number, norm: number, nan: number, infinite: number) => ({ container: 0, branch, norm, nan, infinite, count: 6 })
  const rows = legendRows(
    {
      edges: [{ path: 'layers.0.weight', lo: 0, hi: 0, ...counted }],
      neurons: [],
      paths: [path(0, 2, 0, 0), path(1, NaN, 3, 0), path(2, Infinity, 0, 2)],
    },
    observation,
    layers,
  )
  expect(rows.edges).toEqual([{ name: 'Dense 1', lo: 0, hi: 0, ...counted }])
  expect(rows.paths).toMatchObject([
    { bypass: { norm: 2, nan: 0, infinite: 0, count: 6 }, layers: { norm: NaN, nan: 3, infinite: 2, count: 12 } },
  ])
  expect(unknownRows(observation, 'global', layers).edges).toEqual([{ name: 'All layers', lo: 0, hi: 0, nan: 0, infinite: 0, count: 0 }])
})
