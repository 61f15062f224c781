import { describe, expect, test } from 'vitest'
import { activate, activateBackward } from '../../src/kernels/reference/activation.ts'
import { activationKind, activationNames, formulaOf, type ActivationName } from '../../src/model/catalogue/activations.ts'
import { erf, erfc } from '../../src/model/catalogue/erf.ts'

// Away from the kinks at 0, far into both tails.
const points = [-30, -12, -6.1, -3, -1.5, -0.4, -0.01, 0.02, 0.7, 1, 2.3, 5, 12, 30]

describe('erf', () => {
  test.each([
    // Abramowitz and Stegun, table 7.1
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [1.5, 0.9661051465],
    [2, 0.995322265],
  ])('erf(%d)', (x, value) => expect(erf(x)).toBeCloseTo(value, 10))

  test.each([
    // NIST DLMF, 7.24: erfc(3), erfc(5), erfc(2.5)
    [2.5, 4.069520174449589e-4],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280349e-12],
  ])('erfc(%d) keeps its relative accuracy', (x, value) => expect(Math.abs(erfc(x) / value - 1)).toBeLessThan(1e-13))

  test('is odd and continuous where the two expansions meet', () => {
    for (const x of [0.3, 1, 2.4999, 2.5, 4, 9]) expect(erf(-x)).toBe(-erf(x))
    expect(Math.abs(erfc(2.5 - 1e-12) / erfc(2.5) - 1)).toBeLessThan(2e-11)
  })
})

describe('activations', () => {
  test.each(activationNames)('the derivative of %s by finite differences', (name) => {
    for (const parameter of activationKind(name).parameter ? [undefined, 0.3] : [undefined]) {
      const { forward, derivative } = formulaOf(name, parameter)
      for (const x of points) {
        const h = 1e-5 * Math.max(1, Math.abs(x)) * (Math.abs(x) < 0.1 ? 0.1 : 1)
        const [left, right] = [(forward(x) - forward(x - h)) / h, (forward(x + h) - forward(x)) / h]
        // At a kink the derivative is that of one side.
        const slopes = Math.abs(right - left) > 1e-3 ? [left, right] : [(left + right) / 2]
        const worst = Math.min(...slopes.map((slope) => Math.abs(slope - derivative(x))))
        expect(worst, `${name} at ${x}`).toBeLessThan(1e-9)
      }
    }
  })

  test.each<[ActivationName, number, number]>([
    // torch.nn.functional in float64
    ['gelu', -1.7, -0.0757612866895232],
    ['silu', 2.5, 2.3103545499468914],
    ['elu', -0.3, -0.2591817793182821],
    ['softplus', -4, 0.018149927917809738],
    ['leakyRelu', -3, -0.03],
    ['sigmoid', 1.25, 0.7772998611746911],
  ])('%s(%d) as PyTorch has it', (name, x, value) => expect(formulaOf(name).forward(x)).toBeCloseTo(value, 14))

  test.each(activationNames)('%s stays finite far out, and a NaN passes through', (name) => {
    const { forward, derivative } = formulaOf(name)
    expect([-1e4, 1e4].flatMap((x) => [forward(x), derivative(x)]).every(Number.isFinite)).toBe(true)
    expect(forward(NaN)).toBeNaN()
  })

  test('act on every element', () => {
    expect([...activate('relu', [-1, 2, 3])]).toEqual([0, 2, 3])
    expect([...activateBackward('leakyRelu', [-1, 2, 3], [5, 6, 7], 0.5)]).toEqual([2.5, 6, 7])
  })
})
