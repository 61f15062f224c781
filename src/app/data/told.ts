/** What is made below the page, in the page's words. */
import { InputError } from '../../errors.ts'
import { saidError } from '../words/language.ts'

/** A note on data: what was done to them. */
export const noteText = (note: string): string => note

/** Why something was refused: an error, or the sentence itself. */
export function problemText(problem: unknown): string {
  if (problem instanceof InputError && typeof (problem.told as unknown) !== 'string') return saidError(problem)
  return problem instanceof Error ? problem.message : String(problem)
}
