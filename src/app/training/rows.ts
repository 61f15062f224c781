/** A row of the training panel: one number or choice of the description, what it is called, and when it is there. */
import type { Code } from '../../words/say.ts'
import type { Description } from '../run/state.ts'

/** A sentence by its code, or a name that is the same in every language. */
export type Label = Code | { name: string }

interface Common {
  /** By which a refusal and an undo step know it. */
  name: string
  label: Label
  /** What it means. */
  about?: Code
  /** Whether the description has it; absent: always. `sample`: the shape of one sample of the data. */
  isIn?: (draft: Description, sample: readonly number[]) => boolean
}

export interface NumberRow extends Common {
  kind: 'number'
  read(draft: Description): unknown
  /** What is typed and is no number comes as it stands, for the model's own check to refuse. */
  write(draft: Description, value: number): void
  /** A slider over these powers of ten beside it. */
  decades?: { lowest: number; highest: number }
}

export interface ChoiceRow extends Common {
  kind: 'choice'
  /** Values, and what each is called. */
  options: readonly { value: string; text: Label }[]
  read(draft: Description): string
  write(draft: Description, value: string): void
}

export type Row = NumberRow | ChoiceRow

export const number = (name: string, label: Label, read: NumberRow['read'], write: NumberRow['write'], about?: Code): NumberRow => ({
  kind: 'number',
  name,
  label,
  read,
  write,
  ...(about && { about }),
})

export const choice = <Value extends string>(
  name: string,
  label: Label,
  options: readonly { value: Value; text: Label }[],
  read: (draft: Description) => Value,
  write: (draft: Description, value: Value) => void,
  about?: Code,
): ChoiceRow => ({ kind: 'choice', name, label, options, read, write: write as ChoiceRow['write'], ...(about && { about }) })

/** Rows that are there only where `isIn` says so. */
export const where = (isIn: NonNullable<Row['isIn']>, ...rows: Row[]): Row[] => rows.map((row) => ({ ...row, isIn }))
