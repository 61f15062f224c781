// @ts-check
import { closeSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { CallError } from './options.mjs'

/** Refuses, before minutes of work, a file that could not be written after them; leaves nothing behind. @param {string} option @param {string} file */
export function checkWritable(option, file) {
  try {
    const before = statSync(file, { throwIfNoEntry: false })
    if (before?.isDirectory()) throw new CallError(`${option} ${file} is a directory, expected a file.`)
    if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory())
      throw new CallError(`${option}: there is no directory ${dirname(file)}.`)
    closeSync(openSync(file, 'a'))
    if (!before) rmSync(file)
  } catch (error) {
    if (error instanceof CallError) throw error
    throw new CallError(`${option}: ${file} cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code}).`)
  }
}
