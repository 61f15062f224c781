/** What is found of networks that are broken on purpose, and of healthy ones, on the GPU. docs/diagnosis.md has all of them, and what the cures do. */
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { watch } from '../../src/answers/findings/watching.ts'
import { createEngine, findingsFile, type Engine } from '../../src/index.ts'
import { broken } from '../diagnosis/broken.ts'
import { healthy } from '../diagnosis/healthy.ts'
import { checked, names } from '../diagnosis/measure.ts'
import { runOn } from '../diagnosis/run-on.ts'
import { another, test } from '../kinds.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const first = ['tanh with first weights of 0.02', 'negative first weights behind ReLU', 'SGD at a millionth', 'two linear layers in a row']
const isFirst = ({ name }: { name: string }) => first.includes(name)

describe('broken networks are named', () => {
  const namesIt = async (name: string) => {
    const own = broken.find((one) => one.name === name)!
    const { findings } = await runOn(engine)(own, own.within, true)
    expect(
      findings.some((finding) => names(own, finding)),
      JSON.stringify(findings.map(({ kind, layer, foundStep }) => [kind, layer, foundStep])),
    ).toBe(true)
  }
  test.each(broken.filter(isFirst).map(({ name }) => name))('%s', namesIt)
  another.each(broken.filter((own) => !isFirst(own)).map(({ name }) => name))('%s', namesIt)
})

describe('healthy networks give no finding', () => {
  test('ReLU six deep with He', async () => {
    const own = (await healthy()).find(({ name }) => name === 'ReLU six deep with He')!
    expect(await checked(runOn(engine), { ...own, steps: 200 })).toMatchObject({ found: [] })
  })
  another(
    'all of them, but for one at most',
    async () => {
      const alarms: string[] = []
      for (const own of await healthy()) {
        const { found } = await checked(runOn(engine), own)
        alarms.push(...found.map(({ sentence }) => `${own.name}: ${sentence}`))
      }
      expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(1)
    },
    1_800_000,
  )
})

test('a watched run has the same losses, the same findings each time, and ends at the look that finds what it is to end at', async () => {
  const { model, data } = broken.find(isFirst)!
  const { format: _format, input: _input, layers: _layers, ...training } = model
  const run = async (how: 'plain' | 'watched' | 'stopping') => {
    const trainer = await engine.trainer(model, data, { ...training, tuningTime: 0 })
    const watching =
      how === 'plain' ? undefined : await watch(engine.device, trainer, data, how === 'stopping' ? { stopOn: ['vanishing'] } : {})
    const losses: number[] = []
    for await (const progress of (watching ?? trainer).run({ steps: 35 })) losses.push(...progress.losses)
    const told = { losses, step: trainer.step, findings: watching?.findings, stoppedBy: watching?.stoppedBy?.kind }
    watching?.destroy()
    trainer.destroy()
    return told
  }
  const [plain, watched, again, stopping] = [await run('plain'), await run('watched'), await run('watched'), await run('stopping')]
  expect(watched.losses).toEqual(plain.losses)
  expect(watched.findings!.map(({ kind }) => kind)).toContain('vanishing')
  expect(again.findings).toEqual(watched.findings)
  expect(stopping).toMatchObject({ step: watched.findings!.find(({ kind }) => kind === 'vanishing')!.foundStep, stoppedBy: 'vanishing' })
  expect(stopping.losses).toEqual(plain.losses.slice(0, stopping.step))
})

test('of a number that is not finite the finding has the operation, its inputs, and whether it made it; the run is as it was', async () => {
  const { model, data } = broken.find(({ name }) => name === 'a regression at a rate that blows it up')!
  const { format: _format, input: _input, layers: _layers, ...training } = model
  const trainer = await engine.trainer(model, data, { ...training, tuningTime: 0 })
  const heard: string[] = []
  const watching = await watch(engine.device, trainer, data, { stopOn: ['notFinite'], onFinding: ({ kind }) => heard.push(kind) })
  for await (const _ of watching.run({ steps: 60 }));
  const finding = watching.findings.find(({ kind }) => kind === 'notFinite')!
  const { history } = trainer
  expect(history.step).toHaveLength(trainer.step)
  expect(finding.firstStep).toBeLessThanOrEqual(history.nonFiniteStep!)
  expect(finding.cause).toMatchObject({ origin: 'made' })
  expect(finding.cause!.inputs.every(({ value }) => Number.isFinite(value))).toBe(true)
  const [told] = findingsFile(watching.findings).findings
  expect(told).toMatchObject({ kind: 'notFinite', layer: finding.layer, operation: finding.cause!.operation, origin: 'made' })
  expect(heard.filter((kind) => kind === 'notFinite')).toHaveLength(1)
  watching.destroy()
  trainer.destroy()
})
