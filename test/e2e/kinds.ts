/**
 * Each kind of check is in `npm test`; another of a kind, which `npm run test:full` adds, is an `another`. A page costs half a minute of a software adapter's
 * time.
 */
import { test as registered } from 'vitest'

type Test = typeof registered

const full = process.env['GRADSCOPE_FULL'] !== undefined
const none = Object.assign(() => {}, { each: () => () => {}, for: () => () => {} }) as unknown as Test

export const test = full ? none : registered
export const another = full ? registered : none
