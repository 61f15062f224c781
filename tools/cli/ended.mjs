// @ts-check
import { CallError } from './options.mjs'

/** @param {unknown} error */
function messageOf(error) {
  if (!(error instanceof Error)) return String(error)
  return (process.env['GRADSCOPE_DEBUG'] ? (error.stack ?? error.message) : error.message).trimEnd()
}

/**
 * How a program ends. Exit status: 0 done, 1 a check failed or the run broke, 2 the input or the call is wrong; what went wrong is one sentence on standard error.
 * @param {() => Promise<number>} run
 */
export async function endWith(run) {
  try {
    process.exitCode = await run()
  } catch (error) {
    const text = messageOf(error)
    process.stderr.write(`${text.startsWith('gradscope') ? '' : 'gradscope: '}${text}\n`)
    process.exitCode = error instanceof CallError ? 2 : 1
  }
}
