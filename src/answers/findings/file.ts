/** `findings.json`. */
import type { ModelPatch } from '../../model/patch.ts'
import { inEnglish } from '../../words/english.ts'
import type { Finding, Kind, Severity } from './finding.ts'

export const findingsFormat = 'gradscope-findings/1'

export interface FindingsFile {
  format: typeof findingsFormat
  findings: {
    kind: Kind
    severity: Severity
    layer: string | null
    /** Where it is not one layer alone: all of them, by depth. */
    layers?: string[]
    neurons?: number[]
    firstStep: number
    lastStep: number
    /** The step by which enough looks in a row had seen it. */
    foundStep: number
    /** A number that is not finite is written as null. */
    measured: number | null
    threshold: number
    source: string
    sentence: string
    /** Of `notFinite`: the operation that made the number, or passed it on, and what it was computed from. */
    operation?: string
    direction?: 'forward' | 'backward' | 'update'
    element?: number[]
    inputs?: { name: string; index: number[]; value: number | null }[]
    origin?: 'made' | 'passedOn'
    cures: { change: ModelPatch; sentence: string }[]
  }[]
}

const written = (value: number): number | null => (Number.isFinite(value) ? value : null)

export const findingsFile = (findings: readonly Finding[]): FindingsFile => ({
  format: findingsFormat,
  findings: findings.map(
    ({ kind, severity, layer, layers, neurons, firstStep, lastStep, foundStep, measured, threshold, source, sentence, cause, cures }) => ({
      kind,
      severity,
      layer,
      ...(layers && layers.length > 1 && { layers: [...layers] }),
      ...(neurons && neurons.length > 0 && { neurons: [...neurons] }),
      firstStep,
      lastStep,
      foundStep,
      measured: written(measured),
      threshold,
      source,
      sentence: inEnglish(sentence),
      ...(cause && { ...cause, inputs: cause.inputs.map((input) => ({ ...input, value: written(input.value) })) }),
      cures: cures.map((cure) => ({ change: cure.change, sentence: inEnglish(cure.sentence) })),
    }),
  ),
})
