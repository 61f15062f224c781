/** The page's state and the rails that it is laid out in: there before anything else of it. */
import { createState } from '../run/state.ts'
import { panels } from './panels.ts'

export const state = createState()
export const rails = panels(state)
