/** Each kind of check is in `npm test`; another of a kind, which `npm run test:full` adds, is an `another`: on a software adapter each takes its seconds. */
import { test as registered } from 'vitest'

type Test = typeof registered

/** Whether `npm run test:full` asks: for the others alone. */
export const isFull = import.meta.env['GRADSCOPE_FULL'] !== undefined
const none = Object.assign(() => {}, { each: () => () => {}, for: () => () => {} }) as unknown as Test

export const test = isFull ? none : registered
export const another = isFull ? registered : none
