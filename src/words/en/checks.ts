/** Measurements that check a run: sharpness, gradients against differences, the first number that is not finite. */
import { figure } from '../figures.ts'

interface Bounded {
  value: number
  bound: number
  formula: string
  preconditioned: boolean
  optimizer: string
  samples: number
  clipped: boolean
}
const against = ({ value, bound, formula, preconditioned }: Bounded, relation: string): string =>
  `${preconditioned ? 'Preconditioned sharpness' : 'Sharpness'} ${figure(value)} is ${relation} ${formula} = ${figure(bound)}`
const clipping = ({ clipped }: Bounded): string =>
  clipped ? ' Clipped steps are shorter than the rate says; the bound is for the others.' : ''
const on = ({ samples }: Bounded): string => ` Measured on ${samples} training samples.`

interface Met {
  step: number
  direction: string
  operation: string
  place: string
  parameter: string
  /** `[5, 2]` */
  element: string
  value: string
  /** `x[5, 2] = 3e8` */
  inputs: readonly string[]
}
const met = ({ step, direction, operation, place, parameter, element, value }: Met, verb: string): string =>
  `Step ${step}, ${direction}: ${operation} of ${parameter || place} ${verb} ${value} at ${element}`

export const checks = {
  'sharpness.above': (facts: Bounded) =>
    `${against(facts, 'above')}: at this rate ${facts.optimizer} overshoots along the steepest direction, farther with every step.${clipping(facts)}${on(facts)}`,
  'sharpness.about': (facts: Bounded) =>
    `${against(facts, 'about')}: the edge of stability, where training at this rate tends to stay.${clipping(facts)}${on(facts)}`,
  'sharpness.below': (facts: Bounded) =>
    `${against(facts, 'below')}: at this rate ${facts.optimizer} is stable, along the steepest direction too.${clipping(facts)}${on(facts)}`,
  'sharpness.noMoment': ({ value, optimizer }: { value: number; optimizer: string }) =>
    `Sharpness ${figure(value)} of the loss itself: ${optimizer} has not taken a step yet that would tell how it scales its steps.`,
  'sharpness.noRate': ({ value }: { value: number }) => `Sharpness ${figure(value)}; at a rate of 0 nothing moves.`,
  'sharpness.notFinite': 'Loss or parameters are not finite: there is no curvature to measure.',
  'sharpness.title': 'Sharpness',
  'sharpness.measure': 'Measure sharpness',
  'sharpness.cancel': ({ done }: { done: number }) => `Cancel (iteration ${done + 1})`,
  'sharpness.every': 'Measure again',
  'sharpness.never': 'Never',
  'sharpness.steps': ({ count }: { count: number }) => `Every ${count} steps`,
  'sharpness.at': ({ step }: { step: number }) => `Step ${step}.`,
  'sharpness.hint':
    'How sharply the loss bends along its steepest direction decides which rates overshoot: beyond 2/sharpness gradient descent diverges there.',
  'sharpness.uncertain': ({ error }: { error: number }) => `It is known to ±${figure(error)} only.`,
  'sharpness.failed': 'It could not be measured. The console has the reason.',
  'sharpness.chart': 'Sharpness over steps, and what the rate bears',
  'sharpness.legend': 'sharpness',
  'check.one': 'Check',
  'check.many': ({ count }: { count: number }) => `Check ${count} at random`,
  'check.doing': ({ done, count }: { done: number; count: number }) => `${done} of ${count}`,
  'check.failed': 'It could not be checked. The console has the reason.',
  'check.of': ({ path, index }: { path: string; index: number }) => `${path}, number ${index}`,
  'check.analytic': 'Computed gradient',
  'check.difference': ({ h }: { h: string }) => `Difference, h = ${h}`,
  'check.give': ({ value, error }: { value: string; error: string }) => `${value} ± ${error}`,
  'check.agrees': ({ step }: { step: number }) => `They agree, at the parameters of step ${step} and on its batch.`,
  'check.kink': ({ step }: { step: number }) =>
    `At step ${step} the loss has a kink here, as ReLU makes them: the two sides have different slopes, and the gradient is one of them or between.`,
  'check.differs': ({ step }: { step: number }) =>
    `They differ by more than rounding explains, at the parameters of step ${step} and on its batch.`,
  'check.badge': ({
    agree,
    count,
    kinks,
    differ,
    notFinite,
    worst,
    step,
  }: Record<'agree' | 'count' | 'kinks' | 'differ' | 'notFinite' | 'step', number> & { worst: string }) =>
    `${agree} of ${count} gradients agree${kinks ? `, ${kinks} at a kink` : ''}${differ ? `, ${differ} differ` : ''}${notFinite ? `, ${notFinite} not finite` : ''}${worst ? `, worst ${worst}` : ''}, step ${step}`,
  'notFinite.title': 'The run has stopped',
  'notFinite.stopped': ({ step }: { step: number }) => `The loss of step ${step} is not finite.`,
  'notFinite.looking': 'Looking for where it came from…',
  'notFinite.rounding': 'Repeated operation by operation, the steps stay finite: their sums are rounded in another order than in the run.',
  'notFinite.tooLate': 'No copy is left of the run from before that step, so where it came from cannot be found.',
  'notFinite.back': ({ step }: { step: number }) => `Back to step ${step}`,
  'notFinite.slower': 'Back, at half the rate',
  'notFinite.close': 'Leave it',
  'check.notFinite': ({ step }: { step: number }) => `At step ${step} the gradient, or the loss beside it, is not finite.`,
  'check.below': ({ count }: { count: number }) => `a whole number from 0 to ${count - 1}`,
  'notFinite.made': (found: Met) => `${met(found, 'made')} of finite numbers: ${found.inputs.join(', ')}.`,
  'notFinite.passedOn': (found: Met) => `${met(found, 'passed on')}, which it was given: ${found.inputs.join(', ')}.`,
  'notFinite.data': ({
    step,
    sample,
    feature,
    value,
    target,
  }: {
    step: number
    sample: number
    feature: string
    value: string
    target: boolean
  }) => `Step ${step}: the ${target ? 'targets' : 'data'} hold ${value}, in sample ${sample} of the batch at ${feature}.`,
}
