/** Every schedule of the learning rate. Stepped once per training step, from the end of the warm-up on, as torch.optim.lr_scheduler has them. */
import { belowOne, notNegative, positive, positiveInteger, wholeNumber } from '../schema.ts'
import { by, complete, inStrides, number, tenfold, byOne, type Complete, type Fields } from './field.ts'

export interface ScheduleKind<F extends Fields = Fields> {
  title: string
  fields: F
  /** The rate after `done` steps; `reduced` is what evaluations have multiplied it by so far. */
  rate(schedule: Complete<unknown, F>, learningRate: number, done: number, reduced: number): number
  /** As a reader begins with it, over a run of so many steps. */
  spread(steps: number): Partial<Complete<unknown, F>>
}

const kind = <const F extends Fields>(fields: F, rest: Omit<ScheduleKind<F>, 'fields'>): ScheduleKind<F> => ({ fields, ...rest })

const minimum = number(notNegative, tenfold, { fallback: 0 })
const factor = number(positive, by(0.05, 1))
const count = number(positiveInteger, inStrides(1))

export const schedules = {
  cosine: kind(
    { steps: count, minimum },
    {
      title: 'cosine',
      // It stays at its minimum afterwards.
      rate: ({ steps, minimum: least }, learningRate, done) =>
        done >= steps ? least : least + ((learningRate - least) * (1 + Math.cos((Math.PI * done) / steps))) / 2,
      spread: (steps) => ({ steps }),
    },
  ),
  step: kind(
    { every: count, factor },
    {
      title: 'steps',
      rate: ({ every, factor: by }, learningRate, done) => learningRate * by ** Math.floor(done / every),
      spread: (steps) => ({ every: Math.max(1, Math.round(steps / 3)), factor: 0.3 }),
    },
  ),
  exponential: kind(
    { factor },
    {
      title: 'exponential',
      rate: ({ factor: by }, learningRate, done) => learningRate * by ** done,
      spread: (steps) => ({ factor: Number((0.1 ** (1 / steps)).toPrecision(5)) }),
    },
  ),
  // Reduced by evaluations: plateau.ts.
  plateau: kind(
    { factor: number(belowOne, by(0.05, 0.95)), patience: number(wholeNumber, byOne(0)), minimum },
    {
      title: 'on a plateau',
      rate: ({ minimum: least }, learningRate, _, reduced) => Math.min(learningRate, Math.max(reduced * learningRate, least)),
      spread: () => ({ factor: 0.5, patience: 3 }),
    },
  ),
}

export type ScheduleName = keyof typeof schedules
export const scheduleNames = Object.keys(schedules) as ScheduleName[]

type Defaulted<F extends Fields> = { [Key in keyof F]: F[Key] extends { fallback: unknown } ? Key : never }[keyof F]
type Values<F extends Fields> = Complete<unknown, F>
type Own<F extends Fields> = Omit<Values<F>, Defaulted<F>> & Partial<Pick<Values<F>, Defaulted<F> & keyof Values<F>>>
/** `{ type: 'cosine', steps, minimum? }`, … */
export type Schedule = { [Name in ScheduleName]: { type: Name } & Own<(typeof schedules)[Name]['fields']> }[ScheduleName]

/**
 * Multiplies the rate by `factor`, down to `minimum` (0 unless given), when more than `patience` evaluations in a row were not better than the best by
 * a ten-thousandth of it, as torch.optim.lr_scheduler.ReduceLROnPlateau: by the loss of the test part, or without one by the mean training loss since
 * the evaluation before.
 */
export type PlateauSchedule = Extract<Schedule, { type: 'plateau' }>

export const scheduleKind = ({ type }: Pick<Schedule, 'type'>): ScheduleKind<never> => schedules[type] as unknown as ScheduleKind<never>
export const completeSchedule = (schedule: Schedule) => complete(scheduleKind(schedule).fields as Fields, schedule)

/** A schedule as a reader begins with it, over a run of so many steps. */
export const spreadSchedule = (type: ScheduleName, steps: number): Schedule =>
  ({ type, ...(scheduleKind({ type }).spread(steps) as object) }) as Schedule
