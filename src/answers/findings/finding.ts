/** What is found wrong in a run, and what may cure it: the vocabulary of rules, lists and files. */
import type { ModelPatch } from '../../model/patch.ts'
import type { ModelFile } from '../../model/types.ts'
import type { Message } from '../../words/say.ts'
import type { NotFinite } from '../not-finite.ts'
import type { Evidence } from './evidence.ts'

/** In the order of a list: what ends a run first. */
export const kinds = [
  'notFinite',
  'diverged',
  'exploding',
  'vanishing',
  'dead',
  'saturated',
  'unscaledInput',
  'imbalance',
  'updateTooLarge',
  'updateTooSmall',
  'oscillating',
  'noisyBatch',
  'stalled',
  'baseline',
  'overfitting',
  'lint',
] as const
export type Kind = (typeof kinds)[number]

/** `note`: nothing is wrong, but something is of no use. Notes are shown beside a model and are no findings of a run. */
export type Severity = 'critical' | 'warning' | 'note'

/** A change of the model file that may help, and what it is. */
export interface Cure {
  change: ModelPatch
  sentence: Message
}

/** What a rule sees at one look. */
export interface Hit {
  severity: Severity
  /** Path of the layer, as of its parameters; null: the run as a whole. */
  layer: string | null
  /** Where it is not one layer alone: all of them, by depth. */
  layers?: readonly string[]
  neurons?: readonly number[]
  measured: number
  threshold: number
  source: string
  sentence: Message
  /** Where the hit knows them better than its rule does. */
  remedies?: readonly Remedy[]
}

/** Of a number that is not finite: what it came out of. */
export type Origin = Pick<NotFinite, 'operation' | 'direction' | 'element' | 'inputs' | 'origin'>

export interface Finding extends Omit<Hit, 'remedies'> {
  kind: Kind
  cause?: Origin
  /** The steps of the first and of the last look that saw it; 0: before training. */
  firstStep: number
  lastStep: number
  /** The step of the look by which enough in a row had seen it. */
  foundStep: number
  /** The likeliest first. */
  cures: readonly Cure[]
}

/** What a rule needs to have been measured. */
export type Need = 'losses' | 'layers' | 'evaluations' | 'classErrors' | 'data' | 'model'

/** A number on which a verdict depends, which a reader may change. */
export interface Threshold {
  value: number
  /** How it is shown: `share` as a percentage. */
  unit: 'ratio' | 'share' | 'steps' | 'epochs' | 'samples' | 'times'
  /** What a press of + or − makes of it. */
  next(now: number, up: boolean): number
  source: string
}

/** A remedy: what it makes of a model, or null where it does not apply to it. */
export interface Remedy {
  sentence: Message
  change: Partial<ModelFile> | null
}

export interface Rule<Name extends string = string> {
  kind: Kind
  needs: readonly Need[]
  /** So many looks in a row must see it. */
  hits: number
  /** Whether each layer has a finding of its own; else there is one, of whichever layer is the worst. */
  perLayer?: boolean
  thresholds: Readonly<Record<Name, Threshold>>
  judge(evidence: Evidence, limits: Readonly<Record<Name, number>>): readonly Hit[]
  /** In the order of the literature. */
  cures(evidence: Evidence, hit: Hit): readonly Remedy[]
}

/** A rule with the names of its thresholds checked. */
export const rule = <Name extends string>(own: Rule<Name>): Rule => own as unknown as Rule

/** What `findings.json` calls a rule's threshold: `vanishing.share`. */
export const thresholdKey = (kind: Kind, name: string): string => `${kind}.${name}`
