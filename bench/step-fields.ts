import { stepFields, writeStepFields, type StepField } from '../src/kernels/step.ts'

/** The step's fields by name; what is not given is 0. */
export type StepFields = Partial<Record<StepField, number>>

const zeros = Object.fromEntries(stepFields.map((name) => [name, 0])) as StepFields

export const writeStep = (row: DataView, step: StepFields): void => writeStepFields(row, { ...zeros, ...step })
