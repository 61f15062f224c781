/** What the page is laid out in: there before anything else of it. */
import { layout } from './layout.ts'

export const rails = layout()
