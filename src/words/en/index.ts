/** English: a sentence is a text, or a function of what it speaks of. The other languages have the same sentences (say.ts). */
import { layers } from './layers.ts'
import { page } from './page.ts'
import { shell } from './shell.ts'
import { stage } from './stage.ts'
import { values } from './values.ts'

export const en = { ...values, ...page, ...layers, ...shell, ...stage }
