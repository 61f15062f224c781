import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { CompareFile } from '../../src/cli/run-compare.ts'
import type { History } from '../../src/model/history.ts'
import { gradscope, temporaryFolder } from './command.ts'
import { another, test } from '../kinds.ts'

const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T

test('compare trains the run and its changes from the same weights, and each as train alone does', async () => {
  const folder = temporaryFolder()
  const dawn = ['--runtime', 'dawn', '--steps', '40']
  const changes = ['--with', 'optimizer=sgd,momentum=0.9,learningRate=0.1', '--with', 'batchSize=32']
  const compared = await gradscope(['compare', '--preset', 'iris', ...changes, ...dawn, '--loss', '0.7', '--out', 'out'], folder)
  expect(compared.stderr).toContain('compare.png is not written')
  expect(compared.status).toBe(0)
  const file = json<CompareFile>(folder, 'out', 'compare.json')
  expect(file).toMatchObject({ format: 'gradscope-compare/1', target: 0.7 })
  expect(file.networks.map(({ name }) => name)).toEqual(['the run', 'optimizer=sgd,momentum=0.9,learningRate=0.1', 'batchSize=32'])
  expect(file.networks[1]!.change).toEqual({ optimizer: { type: 'sgd', momentum: 0.9, learningRate: 0.1 } })
  expect(compared.stdout).toContain(file.sentence)
  const histories = file.networks.map(({ history }) => json<History>(folder, 'out', history))
  for (const [i, { step, loss }] of histories.entries()) {
    expect(step).toHaveLength(40)
    const { stepsTo, optimizerBytes } = file.networks[i]!
    const means = loss.map((_, at) =>
      loss.slice(Math.max(0, at - 4), at + 1).reduce<number>((sum, one, __, { length }) => sum + one! / length, 0),
    )
    expect(stepsTo).toBe(step[means.findIndex((mean) => mean <= 0.7)])
    expect(optimizerBytes > 0).toBe(true)
  }
  expect(file.networks[1]!.optimizerBytes).toBe(file.networks[0]!.optimizerBytes / 2)

  const alone = await gradscope(['train', '--preset', 'iris', ...dawn, '--out', 'alone'], folder)
  expect(alone.status).toBe(0)
  expect(json<History>(folder, 'alone', 'history.json').loss).toEqual(histories[0]!.loss)
  expect(histories[1]!.loss[0]).toBe(histories[0]!.loss[0])
})

another('in a browser compare draws the losses too; with tested rates each trains at its own', { timeout: 600_000 }, async () => {
  const folder = temporaryFolder()
  const words = ['compare', '--preset', 'xor', '--with', 'optimizer=sgd', '--test-rates', '--steps', '60', '--json', '--out', 'out']
  const { status, stdout } = await gradscope(words, folder)
  expect(status).toBe(0)
  const { networks } = JSON.parse(stdout) as CompareFile
  expect(networks[0]!.learningRate).not.toBe(networks[1]!.learningRate)
  expect(
    readFileSync(join(folder, 'out', 'compare.png'))
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
})

const refused = 'what cannot be compared is refused in a sentence, and nothing is written: %s'
test.each([[['--with', 'units=4'], 'units=4: unknown key "units", expected one of batchSize, '] as const])(refused, isRefused)
another.each([
  [[], 'gradscope compare needs --with NAME=VALUE'],
  [['--with', 'learningRate=-1'], 'learningRate=-1: optimizer.learningRate is -1, expected a positive number'],
  [Array.from({ length: 7 }, (_, i) => ['--with', `seed=${i}`]).flat(), 'takes --with up to 6 times, found 7'],
] as const)(refused, isRefused)

async function isRefused(words: readonly string[], sentence: string): Promise<void> {
  const folder = temporaryFolder()
  const { status, stderr } = await gradscope(['compare', '--preset', 'xor', ...words, '--out', 'out'], folder)
  expect(stderr).toContain(sentence)
  expect(status).toBe(2)
  expect(readdirSync(folder)).toEqual([])
}
