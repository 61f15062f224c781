import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { modelFormat, type ModelFile } from '../../src/model/types.ts'
import { jpg, png } from '../files/images.ts'
import { gradscope, temporaryFolder } from './command.ts'

/** Reddish and bluish pictures, twelve each. */
export const pets = Object.fromEntries(
  ['cats', 'dogs'].flatMap((name, label) =>
    Array.from({ length: 12 }, (_, i) => {
      const colour = (x: number, y: number) => [label === 0 ? 200 : 30, (8 * x + 5 * y + i) % 100, label === 0 ? 30 : 200] as const
      return [`${name}/${i}.${i % 3 === 0 ? 'jpg' : 'png'}`, (i % 3 === 0 ? jpg : png)(16, 16, colour)]
    }),
  ),
)
export const damaged = { ...pets, 'dogs/4.png': pets['dogs/4.png']!.slice(0, 60) }
export const damagedText = (name: string) =>
  `${name}/dogs/4.png: found 60 bytes that do not decode as an image, expected a whole PNG or JPEG file.`

export function folderOf(files: Record<string, Uint8Array>): string {
  const folder = join(temporaryFolder(), 'pets')
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(path.endsWith('/') ? join(folder, path) : dirname(join(folder, path)), { recursive: true })
    if (!path.endsWith('/')) writeFileSync(join(folder, path), bytes)
  }
  return folder
}

const model: ModelFile = {
  format: modelFormat,
  input: [3, 8, 8],
  layers: [{ type: 'conv2d', filters: 4, kernel: 3 }, { type: 'relu' }, { type: 'globalAvgPool2d' }, { type: 'dense', units: 2 }],
  loss: 'crossEntropy',
  optimizer: { type: 'adam', learningRate: 0.05 },
  batchSize: 6,
  seed: 1,
}

export const train = (words: string[], cwd: string) => gradscope(['train', ...words, '--out', 'out'], cwd)

/** A test for each of these runtimes. */
export function testFolder(runtimes: string[]): void {
  test.each(runtimes)('a folder of images trains a model in its size: %s', async (runtime) => {
    const folder = dirname(folderOf(pets))
    writeFileSync(join(folder, 'model.json'), JSON.stringify(model))
    const { status, stdout, stderr } = await train(
      ['--model', 'model.json', '--data', 'pets', '--epochs', '10', '--runtime', runtime],
      folder,
    )
    expect(stderr).toContain('24 images were resized and centre-cropped to 8 × 8 pixels')
    expect([stdout.match(/test loss [^;]*accuracy (\d+)/)?.[1], status]).toEqual(['100', 0])
  })
}

/** A test for each of these calls: the files that lie there, its words, and what its one sentence says. */
export function testFaultyImages(faults: [what: string, files: Record<string, Uint8Array>, words: string[], told: string][]): void {
  test.each(faults)('%s is told in one sentence, and nothing is written', async (_, files, words, told) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'model.json'), JSON.stringify(model))
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
    const { status, stdout, stderr } = await train(words, folder)
    expect(stderr).toContain(told)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect([status, stdout, existsSync(join(folder, 'out'))]).toEqual([2, '', false])
  })
}
