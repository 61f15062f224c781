import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** A folder that lives as long as the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gradscope-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

/** Starts the bin `gradscope` in a folder that is not the project's, as a user does; in software, unless `environment` says otherwise. */
export function start(words: string[], cwd = tmpdir(), environment: Record<string, string> = {}) {
  const env = { ...process.env, GRADSCOPE_GPU: process.env['GRADSCOPE_GPU'] || 'software', ...environment }
  const child = spawn(process.execPath, [join(projectRoot, 'tools/cli.mjs'), ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended: Ended = { status: null, stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (ended.stdout += text))
  child.stderr.on('data', (text) => (ended.stderr += text))
  return {
    child,
    ended: new Promise<Ended>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status) => resolve({ ...ended, status }))
    }),
  }
}

/** Runs it to its end. */
export const gradscope = (...call: Parameters<typeof start>): Promise<Ended> => start(...call).ended
