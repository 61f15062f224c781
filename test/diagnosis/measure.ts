/** What is found of the networks of the diagnosis, and what the cures do. */
import { findingsFile, type FindingsFile } from '../../src/answers/findings/file.ts'
import type { Finding } from '../../src/answers/findings/finding.ts'
import { patched } from '../../src/model/patch.ts'
import type { BrokenCase, HealthyCase, Trained } from './network.ts'

export interface Run {
  findings: Finding[]
  /** Of all training samples at the end, and of the test part. */
  train: number
  test: number
}

/** A run of so many steps, watched or not. */
export type Train = (own: Trained, steps: number, isWatched: boolean) => Promise<Run> | Run

/** Whether a finding names what is wrong, where, and in time. */
export const names = ({ kinds, layers, within }: BrokenCase, { kind, layer, foundStep }: Finding): boolean =>
  kinds.includes(kind) && (layers === null || (layer !== null && layers.includes(layer))) && foundStep <= within

export interface Cured {
  sentence: string
  loss: number
  /** Reaches the twin's loss within a tenth. */
  helps: boolean
}

type Told = Pick<FindingsFile['findings'][number], 'kind' | 'layer' | 'foundStep' | 'sentence'>

export interface Diagnosis {
  name: string
  expected: string
  named: Told | null
  /** All other findings. */
  others: Told[]
  loss: number
  twin: number
  /** The first two that were offered. */
  cures: Cured[]
}

const tenth = 1.1
const told = (findings: readonly Finding[]): Told[] =>
  findingsFile(findings).findings.map(({ kind, layer, foundStep, sentence }) => ({ kind, layer, foundStep, sentence }))

/** What is found of a broken network, and what the first two cures make of it. */
export async function diagnosed(train: Train, own: BrokenCase): Promise<Diagnosis> {
  const { judgedBy, steps } = own
  const run = await train(own, steps, true)
  const twin = await train(own.twin, steps, false)
  const finding = run.findings.find((found) => names(own, found))
  const cures: Cured[] = []
  for (const { change, sentence } of findingsFile(finding ? [finding] : []).findings[0]?.cures.slice(0, 2) ?? []) {
    const cured = await train({ model: patched(own.model, change), data: own.data }, steps, false)
    cures.push({ sentence, loss: cured[judgedBy], helps: cured[judgedBy] <= tenth * twin[judgedBy] })
  }
  const place = own.layers ? ` at ${own.layers.join(' or ')}` : ''
  return {
    name: own.name,
    expected: `${own.kinds.join(' or ')}${place}, by step ${own.within}`,
    named: finding ? told([finding])[0]! : null,
    others: told(run.findings.filter((found) => found !== finding)),
    loss: run[judgedBy],
    twin: twin[judgedBy],
    cures,
  }
}

export interface Check {
  name: string
  found: Told[]
  train: number
  test: number
}

/** What is found of a healthy network. */
export async function checked(train: Train, own: HealthyCase): Promise<Check> {
  const { findings, train: loss, test } = await train(own, own.steps, true)
  return { name: own.name, found: told(findings), train: loss, test }
}
