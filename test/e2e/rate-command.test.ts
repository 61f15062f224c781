import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { gradscope, temporaryFolder } from './command.ts'
import { model, table } from './refused.ts'
import { another, test } from '../kinds.ts'

const isPng = (path: string) => readFileSync(path).subarray(1, 4).toString() === 'PNG'
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

function folderWithRun(): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'model.json'), JSON.stringify(model))
  writeFileSync(join(folder, 'colours.csv'), table(50))
  return folder
}
const source = ['--model', 'model.json', '--data', 'colours.csv']

test('rate: in the browser a file and a picture, on dawn the same file and a sentence why there is none', async () => {
  const folder = folderWithRun()
  const words = ['rate', ...source, '--rates', '4', '--seeds', '3', '--steps', '20', '--least', '0.001', '--greatest', '1']
  const [first, second] = [
    await gradscope([...words, '--out', 'a'], folder),
    await gradscope([...words, '--out', 'b', '--runtime', 'dawn', '--json'], folder),
  ]
  expect([first.stderr, first.status, second.status]).toEqual([expect.any(String), 0, 0])
  const file = json(join(folder, 'a', 'rate.json'))
  expect(file).toMatchObject({ format: 'gradscope-rate/1', rates: [0.001, 0.01, 0.1, 1], steps: 20 })
  expect(file.seeds).toHaveLength(3)
  expect(file.loss.map((row: unknown[]) => row.length)).toEqual([3, 3, 3, 3])
  expect(Object.keys(file)).toEqual(expect.arrayContaining(['suggested', 'from', 'to', 'sharpness', 'reason']))
  expect(first.stdout).toContain(file.reason)
  expect(first.stdout).toContain(`suggested learning rate: ${file.suggested}`)
  expect(isPng(join(folder, 'a', 'rate.png'))).toBe(true)
  const other = json(join(folder, 'b', 'rate.json'))
  expect(JSON.parse(second.stdout)).toEqual(other)
  expect({ ...other, adapter: '' }).toEqual({ ...file, adapter: '' })
  expect(second.stderr).toContain('rate.png is not written: it needs a browser (--runtime browser).')
  expect(existsSync(join(folder, 'b', 'rate.png'))).toBe(false)
})

test('sweep: a loss for each pair of values, and a picture', async () => {
  const folder = folderWithRun()
  const vary = ['--vary', 'learningRate=1e-2:1:3', '--vary', 'width=2:4:2']
  const { status, stdout } = await gradscope(['sweep', ...source, ...vary, '--steps', '20', '--out', 'out'], folder)
  expect(status).toBe(0)
  const file = json(join(folder, 'out', 'sweep.json'))
  expect(file).toMatchObject({
    format: 'gradscope-sweep/1',
    axes: [
      { name: 'learningRate', values: [0.01, 0.1, 1] },
      { name: 'width', values: [2, 4] },
    ],
    steps: 20,
  })
  expect(file.loss.map((row: unknown[]) => row.length)).toEqual([2, 2, 2])
  expect(new Set(file.loss.flat()).size).toBe(6)
  const lowest = Math.min(...file.loss.flat().filter((loss: number | null) => loss !== null))
  expect(stdout).toContain(`lowest loss: ${Number(lowest.toPrecision(4))} at learningRate `)
  expect(isPng(join(folder, 'out', 'sweep.png'))).toBe(true)
})

const calls: [string[], string][] = [
  [['rate', ...source], 'gradscope rate needs --out DIR for its results.'],
  [['rate', '--out', 'out'], 'gradscope rate needs --preset NAME, or --model FILE with --data FILE.'],
  [['rate', ...source, '--rates', '1', '--out', 'out'], "--rates takes a whole number between 2 and 64, not '1'."],
  [
    ['rate', ...source, '--least', '1', '--greatest', '0.1', '--runtime', 'dawn', '--out', 'out'],
    'rateTest: least is 1, expected less than the greatest rate, 0.1',
  ],
  [['sweep', ...source, '--vary', 'seed=1:4:4', '--out', 'out'], 'gradscope sweep needs --vary NAME=FROM:TO:COUNT twice'],
  [
    ['sweep', ...source, '--vary', 'seed=1:4:4', '--vary', 'depth=1:4:4', '--out', 'out'],
    "sweep: there is no axis 'depth', only seed, learningRate, momentum, weightDecay, batchSize, width",
  ],
  [
    ['sweep', '--preset', 'xor', '--vary', 'seed=1:4:4', '--vary', 'momentum=0:0.9:4', '--out', 'out'],
    'sweep: adam has no momentum setting, so there is no such axis; there are seed, learningRate, weightDecay, batchSize, width',
  ],
]
const refused = 'a wrong call is refused in one sentence, with status 2 and nothing written: %s'
test.each(calls.slice(0, 1))(refused, isRefused)
test.each(calls.slice(-1))(refused, isRefused)
another.each(calls.slice(1, -1))(refused, isRefused)

async function isRefused(words: string[], sentence: string): Promise<void> {
  const folder = folderWithRun()
  const { status, stderr, stdout } = await gradscope(words, folder)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(sentence)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(existsSync(join(folder, 'out'))).toBe(false)
}
