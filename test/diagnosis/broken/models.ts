/** What is wrong with the model before it trains. */
import { withTargets } from '../data.ts'
import { glorot, normal } from '../network.ts'
import { bar, bce, ce, circle, cloud, moons, sigmoidEnd, wave, type Written } from './written.ts'

export const inModel: Written[] = [
  {
    name: 'all weights zero at first',
    kinds: ['lint', 'dead', 'vanishing'],
    layers: ['layers.0'],
    within: 1,
    data: cloud,
    loss: ce,
    both: { activation: 'tanh' },
    broken: { initializer: normal(0) },
    twin: { initializer: glorot },
  },
  {
    name: 'two linear layers in a row',
    kinds: 'lint',
    layers: 'layers.1',
    within: 1,
    data: circle,
    loss: bce,
    broken: { layers: [{ type: 'dense', units: 16 }, { type: 'dense', units: 16 }, { type: 'dense', units: 1 }, ...sigmoidEnd] },
    twin: {
      layers: [
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dense', units: 1 },
        ...sigmoidEnd,
      ],
    },
  },
  {
    name: 'ReLU before the cross entropy',
    kinds: 'lint',
    layers: 'layers.5',
    within: 1,
    data: cloud,
    loss: ce,
    broken: { end: [{ type: 'relu' }] },
  },
  {
    name: 'sigmoid before the cross entropy',
    kinds: 'lint',
    layers: 'layers.4',
    within: 1,
    data: bar,
    loss: ce,
    broken: {
      layers: [{ type: 'flatten' }, { type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 3 }, { type: 'sigmoid' }],
    },
    twin: { layers: [{ type: 'flatten' }, { type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 3 }] },
  },
  {
    name: 'ReLU before the last sigmoid',
    kinds: 'lint',
    layers: 'layers.5',
    within: 1,
    data: moons,
    loss: bce,
    broken: { end: [{ type: 'relu' }, { type: 'sigmoid' }] },
  },
  {
    name: 'tanh before targets as large as three',
    kinds: 'lint',
    layers: 'layers.5',
    within: 1,
    data: withTargets(wave, (value) => 2 * value),
    loss: 'mse',
    broken: { end: [{ type: 'tanh' }] },
  },
  {
    name: 'dropout of nine tenths',
    kinds: 'lint',
    layers: 'layers.2',
    within: 1,
    data: cloud,
    loss: ce,
    broken: {
      layers: [
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dropout', rate: 0.9 },
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dropout', rate: 0.9 },
        { type: 'dense', units: 4 },
      ],
    },
    twin: {
      layers: [{ type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 4 }],
    },
  },
  {
    name: 'a norm of a single value',
    kinds: 'lint',
    layers: 'layers.5',
    within: 1,
    data: circle,
    loss: bce,
    broken: { end: [{ type: 'layerNorm' }, { type: 'sigmoid' }] },
  },
]
