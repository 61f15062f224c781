/** All that is known of a run at one look, for the rules to judge. */
import type { Health, LayerHealth, ParameterHealth } from '../../inspect/health.ts'
import type { ModelFile } from '../../model/types.ts'
import type { LossCourse, Span } from './course.ts'
import type { DataFacts } from './facts.ts'

/** An evaluation of the test part, and the training loss around it. */
export interface Evaluated {
  step: number
  test: number
  /** Mean of the steps before it. */
  train: number
}

/** How many samples of each class the network gets wrong. */
export interface ClassErrors {
  step: number
  classes: readonly { count: number; wrong: number }[]
}

export interface Evidence {
  /** The step of this look; 0: before training. */
  step: number
  model: ModelFile
  data: DataFacts
  course: LossCourse
  stepsPerEpoch: number
  /** The reading of this look, and the first of the run; null before there is one. */
  health: Health | null
  start: Health | null
  evaluations: readonly Evaluated[]
  classErrors: ClassErrors | null
  learning: Learning
}

/** How far training has come, in units that no loss's scale changes. */
export interface Learning {
  /** Over the last stretch: the share of a constant guess's loss that the network is free of; below 0: it does worse. */
  skill: number
  /** Whether the loss has fallen from the stretch before to the last one, beyond its noise and by more than a hundredth. */
  falls: boolean
  /** Whether there is nothing to explain: it learns well, or gets better than a constant guess and better still. */
  isWell: boolean
  last?: Span
  before?: Span
}

/** A network that is free of half of a constant guess's loss learns: about the accuracy of 0.7 from which AutoTrainer looks for no reason. */
export const learnedSkill = 0.5
const shortestStretch = 10
/** Standard errors beyond which a fall is none of chance. */
const beyondChance = 3
const leastFall = 0.01

/** Steps of the stretch that is compared with the one before: the last quarter of the run. */
export const stretchOf = (step: number): number => Math.max(shortestStretch, Math.round(step / 4))

export function learningOf(course: LossCourse, { baseline }: DataFacts): Learning {
  const { step } = course
  const length = stretchOf(step)
  const last = course.span(step - length)
  const before = step >= 2 * length ? course.span(step - 2 * length, step - length) : undefined
  const isBroken = course.nonFiniteStep !== undefined
  const skill = last && baseline > 0 && !isBroken ? 1 - last.mean / baseline : isBroken ? -Infinity : 0
  const falls = !isBroken && last !== undefined && before !== undefined && fallsBeyondChance(before, last)
  return { skill, falls, isWell: skill >= learnedSkill || (falls && skill > 0), ...(last && { last }), ...(before && { before }) }
}

/** The noise is a single step's about the stretch's mean, so that a trend within it makes the verdict more careful. */
function fallsBeyondChance(before: Span, last: Span): boolean {
  const error = Math.sqrt(before.deviation ** 2 / before.count + last.deviation ** 2 / last.count)
  const fall = before.mean - last.mean
  return fall > beyondChance * error && fall > leastFall * Math.abs(before.mean)
}

export type Weighted = LayerHealth & { weight: ParameterHealth }

/** The layers with weights, by depth. */
export const weighted = (health: Health): Weighted[] => health.layers.filter((layer): layer is Weighted => layer.weight !== undefined)
