/** 简体中文。 */
import type { Words } from '../say.ts'
import { files } from './files.ts'
import { page } from './page.ts'
import { values } from './values.ts'

export const zh: Words = { ...values, ...files, ...page }
