/** 简体中文。 */
import type { Words } from '../say.ts'
import { charts } from './charts.ts'
import { page } from './page.ts'
import { values } from './values.ts'

export const zh: Words = { ...values, ...page, ...charts }
