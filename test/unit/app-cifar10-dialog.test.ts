/** The question for CIFAR-10 on a page without a browser. */
import { afterEach, expect, test, vi } from 'vitest'
import { askForCifar10 } from '../../src/app/data/ask-for-cifar10.tsx'
import type { Chosen } from '../../src/app/data/chosen-files.ts'
import { openFiles } from '../../src/app/data/open-files.ts'
import type { Services } from '../../src/app/run/services.ts'
import type { Session } from '../../src/app/run/session.ts'
import { createState } from '../../src/app/run/state.ts'
import { cifar10File } from '../files/images.ts'
import { drawn, fakeDom } from './fake-dom.ts'

afterEach(() => void vi.unstubAllGlobals())
const names = [...[1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`), 'test_batch.bin']
const file = (name: string, cut = 0): Chosen => ({
  path: name,
  file: new File([cifar10File(name, 4).bytes.slice(cut) as Uint8Array<ArrayBuffer>], name),
})

test('files are taken as they come, one that is wrong is told, and the preset goes on once all are there', async () => {
  const { body } = fakeDom()
  const chosen: string[] = []
  const problems: string[] = []
  const session = {
    state: createState(),
    choosePreset: async (name: string) => void chosen.push(name),
    problem: (_: string, message: string) => problems.push(message),
  } as unknown as Session
  const services = { own: {} } as Services
  const drop = async (...files: Chosen[]) => {
    await openFiles(session, services, files)
    await drawn()
  }
  const text = (selector: string) => body.querySelector(selector)?.textContent
  askForCifar10(session, services, 'vgg-cifar10')
  expect([text('h2'), text('.note')]).toEqual(['vgg-cifar10', '0 of 6 files are here. Training starts as soon as all six are.'])

  await Promise.all([drop(file(names[0]!)), drop(file(names[5]!))])
  expect(body.querySelectorAll('.there').map(({ textContent }) => textContent)).toEqual([names[0], names[5]])
  await drop(file(names[1]!, 1), file(names[2]!))
  expect(text('.problem')).toContain('data_batch_2.bin: found 12291 bytes, expected a multiple of 3073')
  expect(text('.note')).toBe('2 of 6 files are here. Training starts as soon as all six are.')
  await drop(file(names[1]!))
  expect([text('.problem'), chosen]).toEqual(['', []])
  await drop(...names.slice(2, 5).map((name) => file(name)))
  expect(chosen).toEqual(['vgg-cifar10'])
  expect([services.own.cifar10?.train.count, services.own.cifar10?.test?.count]).toEqual([20, 4])
  expect(body.childNodes).toEqual([])

  await drop(file('cat.png', 1))
  expect(problems).toHaveLength(1)
})
