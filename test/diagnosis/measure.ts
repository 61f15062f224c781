/** Trains the networks of the diagnosis and measures what is found of them and what the cures do. */
import { watch } from '../../src/answers/findings/watching.ts'
import { findingsFile } from '../../src/answers/findings/file.ts'
import type { Finding } from '../../src/answers/findings/finding.ts'
import { patched } from '../../src/model/patch.ts'
import type { Engine } from '../../src/train/engine.ts'
import type { BrokenCase, Trained } from './network.ts'

export interface Run {
  findings: Finding[]
  /** Of all training samples at the end, and of the test part. */
  train: number
  test: number
}

/** Evaluations of a run: enough to see a test loss rise. */
const evaluations = 10

/** A run of so many steps, watched or not. */
export async function trained(engine: Engine, { model, data }: Trained, steps: number, isWatched = true): Promise<Run> {
  const { format: _format, input: _input, layers: _layers, ...training } = model
  const trainer = await engine.trainer(model, data, { ...training, plannedSteps: steps, tuningTime: 0 })
  const options = { steps, ...(data.test && { evaluateEvery: Math.max(1, Math.round(steps / evaluations)) }) }
  const watching = isWatched ? await watch(engine.device, trainer, data) : undefined
  try {
    for await (const _ of (watching ?? trainer).run(options));
    const loss = async (part: 'train' | 'test') => (await trainer.evaluate(part)).loss
    return { findings: watching?.findings ?? [], train: await loss('train'), test: data.test ? await loss('test') : NaN }
  } finally {
    watching?.destroy()
    trainer.destroy()
  }
}

/** Whether a finding names what is wrong, where, and in time. */
export const names = ({ kinds, layers, within }: BrokenCase, { kind, layer, foundStep }: Finding): boolean =>
  kinds.includes(kind) && (layers === null || (layer !== null && layers.includes(layer))) && foundStep <= within

export interface Cured {
  sentence: string
  loss: number
  /** Reaches the twin's loss within a tenth. */
  helps: boolean
}

export interface Diagnosis {
  finding: Finding | undefined
  /** All that were found. */
  findings: Finding[]
  loss: number
  twin: number
  /** The first two that were offered. */
  cures: Cured[]
}

const tenth = 1.1

/** What is found of a broken network, and what the first two cures make of it. */
export async function diagnosed(engine: Engine, own: BrokenCase, { cures: wanted = 2 } = {}): Promise<Diagnosis> {
  const run = await trained(engine, own, own.steps)
  const twin = await trained(engine, own.twin, own.steps, false)
  const finding = run.findings.find((found) => names(own, found))
  const cures: Cured[] = []
  for (const { change, sentence } of findingsFile(finding ? [finding] : []).findings[0]?.cures.slice(0, wanted) ?? []) {
    const model = patched(own.model, change)
    const cured = await trained(engine, { model, data: own.data }, own.steps, false)
    const helps = cured[own.judgedBy] <= tenth * twin[own.judgedBy]
    cures.push({ sentence, loss: cured[own.judgedBy], helps })
  }
  return { finding, findings: run.findings, loss: run[own.judgedBy], twin: twin[own.judgedBy], cures }
}
