// @ts-check
import { accessSync, closeSync, constants, openSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
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

/** The same of a folder, which need not be there yet. @param {string} option @param {string} folder */
export function checkFolder(option, folder) {
  for (let place = resolve(folder); ; place = dirname(place))
    try {
      if (!statSync(place).isDirectory())
        throw new CallError(`${option} ${place === resolve(folder) ? folder : place} is a file, expected a directory.`)
      accessSync(place, constants.W_OK)
      return
    } catch (error) {
      if (error instanceof CallError) throw error
      const { code } = /** @type {NodeJS.ErrnoException} */ (error)
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || place === dirname(place))
        throw new CallError(`${option}: ${folder} cannot be written (${code}).`)
    }
}
