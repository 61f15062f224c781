// @ts-check
import { CallError } from './options.mjs'

/**
 * How a program ends. Exit status: 0 done, 1 a check failed or the run broke, 2 the input or the call is wrong; what went wrong is one sentence on standard error.
 * @param {() => Promise<number>} run
 */
export async function endWith(run) {
  try {
    process.exitCode = await run()
  } catch (error) {
    const text = !(error instanceof Error) ? String(error) : process.env['GRADSCOPE_DEBUG'] ? (error.stack ?? error.message) : error.message
    process.stderr.write(text.startsWith('gradscope') ? `${text}\n` : `gradscope: ${text}\n`)
    process.exitCode = error instanceof CallError ? 2 : 1
  }
}
