/** What is made below the page, in the page's words. */
import { InputError } from '../../errors.ts'
import type { Message } from '../../words/say.ts'
import { said, saidError } from '../words/language.ts'

/** A note on data: what was done to them. */
export const noteText = (note: Message): string => said(note)

/** Why something was refused: an error, or the sentence itself. */
export function problemText(problem: unknown): string {
  if (problem instanceof InputError && typeof (problem.told as unknown) !== 'string') return saidError(problem)
  return problem instanceof Error ? problem.message : String(problem)
}
