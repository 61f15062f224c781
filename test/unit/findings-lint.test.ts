import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/answers/findings/lint/index.ts'
import { factsOf, type DataFacts } from '../../src/answers/findings/facts.ts'
import { findingsFile } from '../../src/answers/findings/file.ts'
import { imageRecipe, imagePresetNames } from '../../src/data/image-presets.ts'
import { emptyMnist } from '../../src/data/mnist.ts'
import { loadPreset } from '../../src/data/presets.ts'
import { depthComparison } from '../../src/data/depth-comparison.ts'
import { patched } from '../../src/model/patch.ts'
import { modelFormat, type Layer, type ModelFile, type Optimizer } from '../../src/model/types.ts'
import { parseModel } from '../../src/model/validate.ts'
import { nodeDataSource } from '../../tools/data-node.mjs'
import { root } from '../../tools/vite.mjs'

const dense = (units: number, more: object = {}): Layer => ({ type: 'dense', units, ...more })
const of = (layers: Layer[], more: Partial<ModelFile> = {}): ModelFile =>
  parseModel({
    format: modelFormat,
    input: [4],
    layers,
    loss: 'crossEntropy',
    optimizer: { type: 'adam', learningRate: 0.01 },
    batchSize: 16,
    seed: 1,
    ...more,
  })
const facts = (more: Partial<DataFacts> = {}): DataFacts => ({ count: 100, baseline: 1, features: [], ...more })
const relu: Layer = { type: 'relu' }
const wrong = (model: ModelFile, data: DataFacts | null = null) => lint(model, data).filter(({ severity }) => severity !== 'note')
const codes = (model: ModelFile, data: DataFacts | null = null) =>
  lint(model, data).map(({ sentence, layer }) => `${sentence.code} ${layer}`)

describe('no false alarm', () => {
  test.each(['article', 'xor', 'circle', 'gaussians', 'spiral', 'moons', 'iris', 'weather', 'penguins', 'depth-comparison'])(
    'preset %s',
    async (name) => {
      const { model, dataset } = await loadPreset(name, nodeDataSource, 1)
      expect(wrong(model, factsOf(dataset, model.loss))).toEqual([])
    },
  )

  test('the networks of the papers, and mnist', () => {
    for (const name of imagePresetNames) {
      const { layers, training, dataset } = imageRecipe(name, emptyMnist({ keepAxes: true }))
      expect(wrong({ format: modelFormat, input: dataset.inputShape, layers, ...training, seed: 1 }), name).toEqual([])
    }
  })

  test('the recorded runs, but for what is wrong in them on purpose', () => {
    const folder = join(root, 'test/goldens')
    const found = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) =>
        wrong(parseModel(JSON.parse(readFileSync(join(folder, name), 'utf8')))).map(({ sentence }) => `${name} ${sentence.code}`),
      )
    expect(found).toEqual(expectedOfGoldens)
  })
})

/** Of which the gradient vanishes: that is what it records. */
const expectedOfGoldens = ['deep-sigmoid.json lint.deepSaturating']

describe('what is wrong is named, with its layer and a cure that takes it away', () => {
  const tiny = { type: 'normal', deviation: 0.001 } as const
  const cases: [string, ModelFile, string, DataFacts?][] = [
    ['an activation before the cross entropy', of([dense(8), relu, dense(3), relu]), 'lint.outputActivation layers.3'],
    ['a sigmoid before the cross entropy', of([dense(3), { type: 'sigmoid' }]), 'lint.outputActivation layers.1'],
    [
      'an activation before the last sigmoid',
      of([dense(1), relu, { type: 'sigmoid' }], { loss: 'binaryCrossEntropy' }),
      'lint.outputActivation layers.1',
    ],
    [
      'targets beyond tanh',
      of([dense(1), { type: 'tanh' }], { loss: 'mse' }),
      'lint.unreachable layers.1',
      facts({ targets: { minimum: -3, maximum: 2 } }),
    ],
    ['dropout on the output', of([dense(3), { type: 'dropout', rate: 0.1 }]), 'lint.dropoutOutput layers.1'],
    ['two linear layers', of([dense(8), dense(8), relu, dense(3)]), 'lint.doubleLinear layers.1'],
    ['two linear layers around a norm', of([dense(8), { type: 'layerNorm' }, dense(3)]), 'lint.doubleLinear layers.2'],
    [
      'sigmoids deep down',
      of([...Array.from({ length: 6 }, () => [dense(8), { type: 'sigmoid' } as Layer]).flat(), dense(3)]),
      'lint.deepSaturating layers.0',
    ],
    ['a norm of one value', of([dense(1), { type: 'layerNorm' }, { type: 'tanh' }, dense(3)]), 'lint.singleValueNorm layers.1'],
    ['equal weights', of([dense(8, { initializer: { type: 'normal', deviation: 0 } }), relu, dense(3)]), 'lint.equalWeights layers.0'],
    [
      'a signal that fades',
      of([dense(8, { initializer: tiny }), relu, dense(8, { initializer: tiny }), relu, dense(3)]),
      'lint.fadingSignal layers.2',
    ],
    [
      'a signal that grows',
      of([
        dense(64, { initializer: { type: 'normal', deviation: 5 } }),
        relu,
        dense(64, { initializer: { type: 'normal', deviation: 8 } }),
        relu,
        dense(64, { initializer: { type: 'normal', deviation: 8 } }),
        relu,
        dense(3),
      ]),
      'lint.growingSignal layers.4',
    ],
    [
      'weights that saturate',
      of([dense(8, { initializer: { type: 'normal', deviation: 9 } }), { type: 'tanh' }, dense(3)]),
      'lint.largeWeights layers.0',
    ],
    ['most values dropped', of([dense(8), relu, { type: 'dropout', rate: 0.8 }, dense(3)]), 'lint.largeDropout layers.2'],
    ['Adam at 2', of([dense(3)], { optimizer: { type: 'adam', learningRate: 2 } }), 'lint.rateTooHigh null'],
    ['SGD at 1e-9', of([dense(3)], { optimizer: { type: 'sgd', learningRate: 1e-9 } }), 'lint.rateTooLow null'],
    [
      'momentum that makes 0.2 a rate of 20',
      of([dense(3)], { optimizer: { type: 'sgd', learningRate: 0.2, momentum: 0.99 } as Optimizer }),
      'lint.rateTooHigh null',
    ],
    ['a bias before a batch norm', of([dense(8), { type: 'batchNorm' }, relu, dense(3)]), 'lint.biasBeforeNorm layers.0'],
  ]
  test.each(cases)('%s', (_, model, code, data) => {
    expect(codes(model, data ?? null)).toContain(code)
    const { cures } = lint(model, data ?? null).find(({ sentence, layer }) => `${sentence.code} ${layer}` === code)!
    expect(cures.length).toBeGreaterThan(0)
    expect(codes(patched(model, cures[0]!.change), data ?? null)).not.toContain(code)
  })

  test('what only looks like it is let be', () => {
    const separable: Layer[] = [
      { type: 'conv2d', filters: 2, kernel: 3, groups: 2 },
      { type: 'conv2d', filters: 4, kernel: 1 },
      relu,
      { type: 'globalAvgPool2d' },
      dense(3),
    ]
    expect(codes(of(separable, { input: [2, 8, 8] }))).toEqual([])
    const half: Layer = { type: 'dropout', rate: 0.5 }
    expect(codes(of([dense(8), relu, half, dense(3)]))).toEqual([])
    const unit = facts({ targets: { minimum: 0, maximum: 1 } })
    expect(codes(of([dense(1), { type: 'sigmoid' }], { loss: 'mse' }), unit)).toEqual([])
    const bypassed = Array.from({ length: 8 }, (): Layer => ({ type: 'residual', layers: [dense(4), { type: 'sigmoid' }, dense(4)] }))
    expect(codes(of([...bypassed, dense(3)]))).toEqual([])
  })

  test('the file says it in a sentence', () => {
    const { findings } = findingsFile(lint(of([dense(8), dense(3)])))
    expect(findings).toMatchObject([
      {
        kind: 'lint',
        severity: 'warning',
        layer: 'layers.1',
        firstStep: 0,
        lastStep: 0,
        cures: [{ change: { layers: [dense(8), relu, dense(3)] } }],
      },
    ])
    expect(findings[0]!.sentence).toBe(
      'Nothing between layers.0 and dense at layers.1 bends a line: the two compute no more than one layer could.',
    )
  })
})

test('the plain one of the networks that are compared by depth is broken on purpose, and said to be', () => {
  const { variants, training, dataset } = depthComparison(1)
  const found = variants.map(({ layers }) =>
    wrong({ format: modelFormat, input: dataset.inputShape, layers, ...training, seed: 1 }).map(({ sentence }) => sentence.code),
  )
  expect(found).toEqual([['lint.deepSaturating'], [], [], []])
})
