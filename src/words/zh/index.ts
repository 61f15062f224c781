/** 简体中文。 */
import type { Words } from '../say.ts'
import { model } from './model.ts'
import { page } from './page.ts'
import { run } from './run.ts'
import { values } from './values.ts'

export const zh: Words = { ...values, ...model, ...run, ...page }
