import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCsv } from '../../src/data/csv.ts'
import { datasetFromFiles } from '../../src/data/files.ts'
import { parseRecords } from '../../src/data/json.ts'
import { prepareTable } from '../../src/data/prepare.ts'
import { previewTable } from '../../src/data/preview.ts'
import { splitSamples } from '../../src/data/split.ts'
import type { NumericColumn } from '../../src/data/table.ts'
import { spoken } from './spoken.ts'

const csv = (text: string, name = 'file.csv') => parseCsv(name, new TextEncoder().encode(text))
const read = (name: string) => new Uint8Array(readFileSync(new URL(`../../public/data/${name}`, import.meta.url)))
const iris = () => parseCsv('iris.csv', read('iris.csv'))
const weather = () => parseCsv('seattle-weather.csv', read('seattle-weather.csv'))
const penguins = () => parseRecords('penguins.json', read('penguins.json'))
/** Rows of x, as plain arrays. */
const rowsOf = (x: ArrayLike<number>, width: number) =>
  Array.from({ length: x.length / width }, (_, i) => Array.from(x).slice(i * width, (i + 1) * width))

describe('the split', () => {
  test('is the same for the same seed, another for another, and takes every sample once', () => {
    const split = splitSamples('data', 1000, { seed: 7 })
    expect([split.train.length, split.test.length]).toEqual([800, 200])
    expect(splitSamples('data', 1000, { seed: 7 })).toEqual(split)
    expect(splitSamples('data', 1000, { seed: 8 }).test).not.toEqual(split.test)
    expect([...split.train, ...split.test].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect([...split.train]).toEqual([...split.train].sort((a, b) => a - b))
    const firstHalf = split.test.filter((row) => row < 500).length
    expect(firstHalf).toBeGreaterThan(70)
    expect(firstHalf).toBeLessThan(130)
  })

  test.each([[-0.1], [1], [NaN], [Infinity]])('refuses a test fraction of %f', (testFraction) => {
    expect(() => splitSamples('data', 10, { testFraction })).toThrow(
      `data: found a test fraction of ${testFraction}, expected a number from 0`,
    )
  })
  test('refuses to leave nothing to train on', () => {
    expect(() => splitSamples('data', 1, { testFraction: 0.6 })).toThrow('leaves none to train on')
  })
})

describe('prepareTable on real files', () => {
  test('iris: classes, and a scaling of the training part alone', () => {
    const table = iris()
    const dataset = prepareTable(table, { seed: 1 })
    expect(dataset).toMatchObject({
      inputShape: [4],
      outputs: 3,
      classes: ['setosa', 'versicolor', 'virginica'],
      targetNames: ['species'],
      notes: [],
    })
    expect([dataset.train.count, dataset.test!.count]).toEqual([120, 30])
    const { train } = splitSamples('iris', 150, { seed: 1 })
    for (let feature = 0; feature < 4; feature++) {
      const all = (table.columns[feature] as NumericColumn).values
      const values = Array.from(train, (row) => all[row]!)
      const mean = values.reduce((sum, value) => sum + value, 0) / 120
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 120)
      expect(dataset.scaling!.mean[feature]).toBe(Math.fround(mean))
      expect(dataset.scaling!.deviation[feature]).toBeCloseTo(deviation, 6)
      expect(mean).not.toBe(all.reduce((sum, value) => sum + value, 0) / 150)
    }
    expect(rowsOf(dataset.train.x, 4)[0]).toEqual(
      Array.from([0, 1, 2, 3], (c) => Math.fround((table.columns[c] as NumericColumn).values[train[0]!]!)),
    )
    expect(prepareTable(iris(), { seed: 1 })).toEqual(dataset)
  })

  test('weather: the date as year and season', () => {
    const dataset = prepareTable(weather(), { testFraction: 0 })
    expect(dataset.featureNames).toEqual([
      'date year',
      'date season sine',
      'date season cosine',
      'precipitation',
      'temp_max',
      'temp_min',
      'wind',
    ])
    expect(dataset.test).toBeUndefined()
    const rows = rowsOf(dataset.train.x, 7)
    expect(rows[0]!.slice(0, 3)).toEqual([2012, 0, 1])
    expect(rows[183]![2]).toBeCloseTo(-1, 4)
    expect([...dataset.scaling!.mean.slice(1, 3), ...dataset.scaling!.deviation.slice(1, 3)]).toEqual([0, 0, 1, 1])
  })

  test('penguins: missing numbers become the mean of the training part, missing categories one of their own', () => {
    const dataset = prepareTable(penguins(), { target: 'Species', testFraction: 0 })
    expect(dataset.featureNames).toEqual([
      'Island=Biscoe',
      'Island=Dream',
      'Island=Torgersen',
      'Beak Length (mm)',
      'Beak Depth (mm)',
      'Flipper Length (mm)',
      'Body Mass (g)',
      'Sex=.',
      'Sex=FEMALE',
      'Sex=MALE',
      'Sex missing',
    ])
    expect(spoken(dataset.notes)).toContain('"Beak Length (mm)": 2 missing values filled with the mean of the training part, 43.92.')
    expect(spoken(dataset.notes)).toContain('"Sex": 10 missing values taken as a category of its own.')
    const fourth = rowsOf(dataset.train.x, 11)[3]!
    expect(fourth).toEqual([0, 0, 1, ...dataset.scaling!.mean.slice(3, 7), 0, 0, 0, 1])
    expect(dataset.train.x.every(Number.isFinite)).toBe(true)
  })

  test('rows without a target are left out and told', () => {
    const dataset = prepareTable(penguins(), { target: 'Sex' })
    expect(dataset.train.count + dataset.test!.count).toBe(334)
    expect(spoken(dataset.notes)).toContain('10 rows without a value for "Sex" left out.')
  })

  test('a regression far from 1 is standardised, and the way back is kept', () => {
    const table = penguins()
    const dataset = prepareTable(table, { target: 'Body Mass (g)', testFraction: 0 })
    const [mean, deviation] = [dataset.targetScaling!.mean[0]!, dataset.targetScaling!.deviation[0]!]
    expect(dataset.outputs).toBe(1)
    expect(dataset.classes).toBeUndefined()
    expect((dataset.train.y[0]! * deviation + mean).toFixed(0)).toBe('3750')
    expect(spoken(dataset.notes).at(-1)).toBe('The target "Body Mass (g)" is standardised: Body Mass (g) = output · 800.8 + 4202.')
    const near = prepareTable(iris(), { target: 'petal_width', testFraction: 0 })
    expect(near.targetScaling).toBeUndefined()
    expect(near.train.y[0]).toBe(Math.fround(0.2))
    expect(near.inputShape).toEqual([6])
  })
})

describe('prepareTable', () => {
  test('constant, empty, wordy and dropped columns', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `7,,name${i},${i},${i % 2 ? 'a' : 'b'}`)
    const dataset = prepareTable(csv(['same,none,id,skip,kind', ...rows.map((row) => `${row}`)].join('\n')), {
      drop: ['skip'],
      testFraction: 0,
    })
    expect(dataset.featureNames).toEqual(['same'])
    expect([dataset.scaling!.mean[0], dataset.scaling!.deviation[0]]).toEqual([7, 1])
    expect(spoken(dataset.notes)).toEqual([
      '"same" is constant (7) in the training rows.',
      '"none" left out: it holds no value in the training part.',
      '"id" left out: 30 different texts in 30 rows are names rather than categories.',
    ])
  })

  test('numbers as classes when asked, in numeric order', () => {
    const dataset = prepareTable(csv('x,y\n1,10\n2,9\n3,10\n4,9\n'), { task: 'classes', testFraction: 0 })
    expect(dataset).toMatchObject({ classes: ['9', '10'], train: { y: Int32Array.of(1, 0, 1, 0) } })
  })

  test('a test table of its own: encoded as the training table, unseen categories told apart from none', () => {
    const train = csv('x,c,y\n1,a,yes\n3,b,no\n')
    const dataset = prepareTable(train, {}, csv('y,c,x\nno,b,5\nyes,new,\n,a,1\n', 'test.csv'))
    expect([...dataset.train.x]).toEqual([1, 1, 0, 3, 0, 1])
    expect([...dataset.test!.x]).toEqual([5, 0, 1, 2, 0, 0])
    expect([...dataset.test!.y]).toEqual([0, 1])
    expect(spoken(dataset.notes)).toContain('test.csv: 1 row without a value for "y" left out.')
    expect(() => prepareTable(train, {}, csv('x,c,y\n1,a,maybe\n', 'test.csv'))).toThrow(
      'test.csv, line 2, column "y": found maybe, expected a class of the training file: no, yes.',
    )
    expect(() => prepareTable(train, {}, csv('x,y\n1,yes\n', 'test.csv'))).toThrow('test.csv: found no column "c" for testing')
    expect(() => prepareTable(train, {}, csv('x,c,y\nz,a,yes\n', 'test.csv'))).toThrow(
      'test.csv: found column "x" of kind category, expected numeric as in the training file.',
    )
  })

  test('files to train and to test on are told apart by their names', async () => {
    const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) })
    const dataset = await datasetFromFiles([file('test.csv', 'x,y\n5,b\n'), file('train.csv', 'x,y\n1,a\n2,b\n')], { seed: 1 })
    expect(dataset).toMatchObject({ name: 'train.csv', train: { count: 2 }, test: { count: 1 } })
  })

  const table = 'd,x,c\n2020-01-01,1,a\n2020-01-02,2,b\n2020-01-03,3,a\n'
  test.each([
    ['an unknown target', table, { target: 'z' }, 'file.csv: found no column "z" for the target, expected one of "d", "x", "c".'],
    ['an unknown column to drop', table, { drop: ['z'] }, 'file.csv: found no column "z" for leaving out'],
    ['a target left out', table, { drop: ['c'] }, 'file.csv: found column "c" both as target and left out'],
    ['a date to predict', table, { target: 'd' }, 'file.csv, target column "d": found dates, expected categories or numbers.'],
    [
      'nothing to learn from',
      table,
      { drop: ['d', 'x'] },
      'file.csv: found no column to learn from besides the target "c", expected at least one (left out: "d", as asked; "x", as asked).',
    ],
    ['one class', 'x,y\n1,a\n2,a\n', {}, 'file.csv, target column "y": found a in every row, expected at least two classes.'],
    ['no target at all', 'x,y\n1,\n2,\n', {}, 'file.csv, target column "y": found no value in any row'],
    [
      'text to regress on',
      'x,y\n1,5\n2,6\n3,?\n',
      { task: 'regression' as const },
      'file.csv, target column "y": found "?" at line 4, expected numbers for a regression.',
    ],
    [
      'names for classes',
      `x,y\n${Array.from({ length: 30 }, (_, i) => `${i},n${i}`).join('\n')}`,
      {},
      'file.csv, target column "y": found 30 different values in 30 rows, expected classes that repeat, or numbers.',
    ],
  ])('refuses %s', (_, text, options, message) => {
    expect(() => prepareTable(csv(text), options)).toThrow(message)
    expect(() => previewTable(csv(text), options)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })
})

test('previewTable tells what prepareTable does', () => {
  const options = { target: 'Species', drop: ['Island'], seed: 2 }
  const preview = previewTable(penguins(), options)
  const dataset = prepareTable(penguins(), options)
  expect(preview).toMatchObject({
    rows: 344,
    target: 'Species',
    task: 'classes',
    classes: dataset.classes,
    features: 8,
    trainCount: 275,
    testCount: 69,
  })
  expect(preview.columns.flatMap(({ features }) => features)).toEqual(dataset.featureNames)
  expect(preview.notes).toEqual(dataset.notes)
  const [species, island, length] = preview.columns
  expect(species).toEqual({
    name: 'Species',
    kind: 'category',
    missing: 0,
    examples: ['Adelie', 'Chinstrap', 'Gentoo'],
    role: 'target',
    features: [],
  })
  expect(island).toMatchObject({ role: 'left out', why: { code: 'why.asked' } })
  expect(length).toMatchObject({ kind: 'numeric', missing: 2, role: 'feature', examples: ['39.1', '39.5', '40.3', '36.7', '39.3'] })
  expect(Math.fround(length!.mean!)).toBe(dataset.scaling!.mean[0])
})
