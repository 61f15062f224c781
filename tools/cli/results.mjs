// @ts-check
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a run is worth keeping for; the picture comes after these. */
const lasting = ['model.json', 'model.safetensors', 'history.json', 'findings.json']

/**
 * The files of a run, each written as soon as it is there: what comes after it may fail.
 * @param {string} folder made with the first file @param {string[]} [whole] those without which it is none @param {string} [picture]
 */
export function resultsIn(folder, whole = lasting, picture = 'view.png') {
  /** @type {string[]} */
  const written = []
  /** @type {Set<string>} */
  const names = new Set()
  return {
    /** Paths, in the order of writing. */
    written,
    /** @param {string} name @param {Uint8Array} bytes */
    write(name, bytes) {
      mkdirSync(folder, { recursive: true })
      // None of an earlier run stays beside these, as if it were theirs.
      if (written.length === 0) for (const old of [...whole, picture]) rmSync(join(folder, old), { force: true })
      const path = join(folder, name)
      // Whoever finds the file finds it whole.
      writeFileSync(`${path}.part`, bytes)
      renameSync(`${path}.part`, path)
      written.push(path)
      names.add(name)
    },
    /** Whether all is there but, perhaps, the picture. */
    isWhole: () => whole.every((name) => names.has(name)),
  }
}
