/** English: a sentence is a text, or a function of what it speaks of. The other languages have the same sentences (say.ts). */
import { charts } from './charts.ts'
import { files } from './files.ts'
import { network } from './network.ts'
import { page } from './page.ts'
import { training } from './training.ts'
import { values } from './values.ts'

export const en = { ...values, ...page, ...charts, ...files, ...network, ...training }
