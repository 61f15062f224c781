/** English: a sentence is a text, or a function of what it speaks of. The other languages have the same sentences (say.ts). */
import { model } from './model.ts'
import { page } from './page.ts'
import { run } from './run.ts'
import { values } from './values.ts'

export const en = { ...values, ...model, ...run, ...page }
