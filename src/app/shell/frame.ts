/** What the page is laid out in: there before anything else of it. */
import { panels } from './panels.ts'

export const rails = panels()
