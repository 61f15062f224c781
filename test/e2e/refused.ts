import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gradscope, temporaryFolder } from './command.ts'

export const model = {
  format: 'gradscope-model/1',
  input: [2],
  layers: [{ type: 'dense', units: 4 }, { type: 'tanh' }, { type: 'dense', units: 3 }],
  loss: 'crossEntropy',
  optimizer: { type: 'adam', learningRate: 0.05 },
  batchSize: 8,
  seed: 3,
}
const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => `${(i * 7) % 11},${(i * 5) % 13},${['red', 'green', 'blue'][i % 3]}`)
export const table = (count: number) => ['width,height,colour', ...rows(count)].join('\n')

type Told = [what: string, files: Record<string, string>, parts: string[]]

/** A test for each of these sets of files, written over a model and a table that are right. */
export function testFaultyFiles(faults: Told[]): void {
  test.each(faults)('%s is told in one sentence, and nothing is written', async (_what, files, parts) => {
    const folder = temporaryFolder()
    for (const [name, text] of Object.entries({ 'model.json': JSON.stringify(model), 'colours.csv': table(50), ...files }))
      writeFileSync(join(folder, name), text)
    const { status, stdout, stderr } = await gradscope(['train', '--model', 'model.json', '--data', 'colours.csv', '--out', 'out'], folder)
    for (const part of parts) expect(stderr).toContain(part)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect([status, stdout]).toEqual([2, ''])
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })
}

/** A test for each of these calls: its words and a part of the sentence that refuses it. */
export function testRefusedCalls(calls: [words: string[], sentence: string][]): void {
  test.each(calls)('the call train %j is refused', async (words, sentence) => {
    const { status, stderr } = await gradscope(['train', ...words], temporaryFolder())
    expect(stderr).toContain(sentence)
    expect(status).toBe(2)
  })
}
