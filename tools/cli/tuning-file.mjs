// @ts-check
// What the tuner found on this machine's adapters, kept between commands.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const path = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gradscope', 'tuning.json')

/** @returns {Record<string, Record<string, import('../../src/kernels/tuner.ts').TuningRecord>>} */
function kept() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {} // none yet, or damaged: it is found anew
  }
}

/** @returns {import('../../src/kernels/tuner.ts').TuningStore} */
export const tuningFile = () => ({
  read: async (key) => kept()[key],
  write: async (key, findings) => {
    mkdirSync(dirname(path), { recursive: true })
    // Another command may read at the same time: it finds the old file or the new one.
    const fresh = `${path}.${process.pid}`
    writeFileSync(fresh, JSON.stringify({ ...kept(), [key]: findings }))
    renameSync(fresh, path)
  },
})
