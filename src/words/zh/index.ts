/** 简体中文。 */
import type { Words } from '../say.ts'
import { charts } from './charts.ts'
import { files } from './files.ts'
import { network } from './network.ts'
import { page } from './page.ts'
import { training } from './training.ts'
import { values } from './values.ts'

export const zh: Words = { ...values, ...page, ...charts, ...files, ...network, ...training }
