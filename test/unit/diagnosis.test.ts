import { describe, expect, test } from 'vitest'
import { flowOf, gradientStates, normsByDepth, thresholds } from '../../src/inspect/diagnosis.ts'

const all = { nan: 0, infinite: 0 }
const tensor = (path: string, kind: 'weight' | 'bias' | 'norm', gradientNorm: number, change: object = {}) => ({
  path,
  kind,
  count: 100,
  gradientNorm,
  nonFiniteGradients: all,
  ...change,
})

describe('norms by depth', () => {
  test('are of the weights of dense layers and convolutions alone, and say which are NaN and which infinite', () => {
    const statistics = [
      tensor('layers.0.weight', 'weight', 2),
      tensor('layers.0.bias', 'bias', 9),
      tensor('layers.1.weight', 'norm', 1e-12),
      tensor('layers.1.bias', 'norm', 1e12),
      tensor('layers.3.weight', 'weight', 3, { nonFiniteGradients: { nan: 1, infinite: 2 } }),
      tensor('layers.4.weight', 'weight', 3, { nonFiniteGradients: { nan: 0, infinite: 2 } }),
      // Its weights are not finite, its gradients are.
      tensor('layers.5.weight', 'weight', 5, { nonFiniteWeights: { nan: 4, infinite: 4 } }),
    ]
    expect(normsByDepth(statistics)).toEqual([
      { path: 'layers.0.weight', norm: 2 },
      { path: 'layers.3.weight', norm: NaN },
      { path: 'layers.4.weight', norm: Infinity },
      { path: 'layers.5.weight', norm: 5 },
    ])
  })

  const flow = (...norms: number[]) => flowOf(norms.map((norm, i) => ({ path: `layers.${i}.weight`, norm })))?.flow
  test.each([
    [0.99 * thresholds.vanishingShare, 'vanishes'],
    [1.01 * thresholds.vanishingShare, 'fades'],
    [0.99 * thresholds.fadingShare, 'fades'],
    [1.01 * thresholds.fadingShare, 'arrives'],
    [0.99 * thresholds.explodingShare, 'arrives'],
    [1.01 * thresholds.explodingShare, 'explodes'],
    [0, 'dead'],
    [NaN, 'nonFinite'],
    [Infinity, 'nonFinite'],
  ])('a first layer with %f of the last: %s, whatever the size of the loss', (share, expected) => {
    for (const scale of [1e-20, 1, 1e20]) expect(flow(share * scale, 5 * scale, scale)).toBe(expected)
  })

  test('a layer between that is not finite is not passed over, and a norm beyond float32 is finite', () => {
    expect(flow(1, NaN, 1)).toBe('nonFinite')
    expect(flow(1e40, 1e40)).toBe('arrives')
    expect(flow(1)).toBeUndefined()
    expect(flow()).toBeUndefined()
  })
})

test('the state of each gradient agrees with how it flows: weights are compared with the last, biases and norms stand for themselves', () => {
  const states = gradientStates([
    tensor('layers.0.weight', 'weight', 1e-5),
    tensor('layers.0.bias', 'bias', 1e-5),
    tensor('layers.1.weight', 'norm', 1e-5),
    tensor('layers.1.bias', 'norm', 1e-7),
    tensor('layers.2.weight', 'weight', 80),
    tensor('layers.2.bias', 'bias', 500),
    tensor('layers.3.weight', 'weight', 0),
    tensor('layers.4.weight', 'weight', 3, { nonFiniteGradients: { nan: 0, infinite: 1 } }),
    tensor('layers.5.weight', 'weight', 3, { nonFiniteWeights: { nan: 1, infinite: 1 } }),
    tensor('layers.6.weight', 'weight', 1),
  ])
  expect(states).toEqual(['vanishing', 'healthy', 'healthy', 'tiny', 'exploding', 'large', 'dead', 'nonFinite', 'healthy', 'healthy'])
  // Where the last is not finite nothing can be compared.
  expect(
    gradientStates([
      tensor('layers.0.weight', 'weight', 1e-5),
      tensor('layers.2.weight', 'weight', 1, { nonFiniteGradients: { nan: 1, infinite: 0 } }),
    ]),
  ).toEqual(['healthy', 'nonFinite'])
  expect(gradientStates([])).toEqual([])
})
