/** 简体中文。 */
import type { Words } from '../say.ts'
import { layers } from './layers.ts'
import { page } from './page.ts'
import { shell } from './shell.ts'
import { stage } from './stage.ts'
import { values } from './values.ts'

export const zh: Words = { ...values, ...page, ...layers, ...shell, ...stage }
