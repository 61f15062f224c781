/** What is made below the page, in the page's words. */
import type { Message } from '../../words/say.ts'
import { toldOf } from '../run/describe.ts'
import { said } from '../words/language.ts'
import { toldText } from '../words/problem-text.ts'

/** A note on data: what was done to them. */
export const noteText = (note: Message): string => said(note)

/** Why something was refused: an error, or what is told of it. */
export const problemText = (problem: unknown): string => toldText(toldOf(problem))
