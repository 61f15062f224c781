/** English: a sentence is a text, or a function of what it speaks of. The other languages have the same sentences (say.ts). */
import { charts } from './charts.ts'
import { files } from './files.ts'
import { layers } from './layers.ts'
import { network } from './network.ts'
import { page } from './page.ts'
import { shell } from './shell.ts'
import { stage } from './stage.ts'
import { training } from './training.ts'
import { values } from './values.ts'

export const en = { ...values, ...page, ...charts, ...files, ...layers, ...network, ...shell, ...stage, ...training }
