/** What the page is laid out in: there before anything else of it. */
import { layout } from './panels.ts'

export const rails = layout()
