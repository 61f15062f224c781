import { execFileSync, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { readSafetensors } from '../../src/model/safetensors.ts'
import { start, temporaryFolder } from './command.ts'
import { another, test } from '../kinds.ts'

/** Processes below one, with their command lines, outermost first. */
function processesBelow(pid: number): { pid: number; line: string }[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((found) => (found ? [{ pid: Number(found[1]), parent: Number(found[2]), line: found[3]! }] : []))
  const below = (parent: number): { pid: number; line: string }[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)])
  return below(pid)
}

const isBrowser = (line: string) => line.includes('--user-data-dir=') && !line.includes('--type=')

function kill(child: ChildProcess, which: (line: string) => boolean) {
  const victims = processesBelow(child.pid!).filter(({ line }) => which(line))
  expect(victims).not.toEqual([])
  for (const { pid } of victims) process.kill(pid, 'SIGKILL')
}

/** Ends what a failed test leaves behind. */
function startTraining(words: string[]) {
  const run = start(['train', ...words])
  onTestFinished(() => {
    if (run.child.exitCode !== null) return
    for (const { pid } of processesBelow(run.child.pid!).toReversed()) process.kill(pid, 'SIGKILL')
    run.child.kill('SIGKILL')
  })
  return run
}

async function until(condition: () => boolean, child: ChildProcess) {
  while (!condition()) {
    expect(child.exitCode).toBeNull()
    await sleep(20)
  }
}

const dies = '%s dies in mid-run: one sentence, exit status 1, nothing written'
test.each([['the browser', isBrowser, 'the browser ended before the run did'] as const])(dies, isTold)
another.each([
  ['the GPU process', (line: string) => line.includes('--type=gpu-process'), 'the GPU was lost'],
  ['the page', (line: string) => line.includes('--type=renderer'), "the browser's page crashed"],
] as const)(dies, isTold)

async function isTold(_what: string, which: (line: string) => boolean, sentence: string): Promise<void> {
  const out = join(temporaryFolder(), 'out')
  const { child, ended } = startTraining(['--preset', 'xor', '--steps', '100000000', '--out', out])
  let told = ''
  child.stderr.on('data', (text) => (told += text))
  await until(() => told.includes('steps/s'), child)
  kill(child, which)
  const { status, stdout, stderr } = await ended
  const lines = stderr.trimEnd().split('\n')
  expect(lines.at(-1)).toContain(sentence)
  expect(lines.filter((line) => line.startsWith('gradscope: '))).toHaveLength(1)
  expect([status, stdout]).toEqual([1, ''])
  expect(existsSync(out)).toBe(false)
}

test('the browser dies at the picture: the parameters are there, a line says what is missing, exit status 0', async () => {
  const out = join(temporaryFolder(), 'out')
  const { child, ended } = startTraining(['--preset', 'xor', '--steps', '5', '--out', out])
  await until(() => existsSync(join(out, 'history.json')), child)
  kill(child, isBrowser)
  const { status, stdout, stderr } = await ended
  expect(stderr).toMatch(/view\.png is not written: .+\.\n/)
  expect(stdout).toContain(
    `wrote ${['model.json', 'model.safetensors', 'history.json', 'findings.json'].map((name) => join(out, name)).join(', ')}\n`,
  )
  expect(status).toBe(0)
  const { tensors } = readSafetensors(readFileSync(join(out, 'model.safetensors')), 'model.safetensors')
  expect(Object.keys(tensors)).toContain('layers.0.weight')
  expect(existsSync(join(out, 'view.png'))).toBe(false)
})
