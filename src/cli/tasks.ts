import { InputError } from '../errors.ts'
import type { Host, Outcome } from './host.ts'
import { runBenchJob } from './run-bench.ts'
import { checkCompare, runCompare } from './run-compare.ts'
import { runRate } from './run-rate.ts'
import { runShaders } from './run-shaders.ts'
import { checkSweep, runSweep } from './run-sweep.ts'
import { checkTrain, runTrain } from './run-train.ts'
import { runVerify } from './run-verify.ts'

/** What the commands run where the GPU is; those that check need none. */
export const tasks = {
  train: runTrain,
  checkTrain,
  rate: runRate,
  sweep: runSweep,
  checkSweep,
  compare: runCompare,
  checkCompare,
  verify: runVerify,
  bench: runBenchJob,
  shaders: runShaders,
}
export type Tasks = typeof tasks

/** Runs a task and tells how it ended; the outcome crosses the border of a page, where an error would not. */
export async function runTask<Name extends keyof Tasks>(
  name: Name,
  job: Parameters<Tasks[Name]>[0],
  host: Host,
): Promise<Outcome<Awaited<ReturnType<Tasks[Name]>>>> {
  const task = tasks[name] as (job: unknown, host: Host) => Promise<Awaited<ReturnType<Tasks[Name]>>>
  try {
    return { result: await task(job, host) }
  } catch (error) {
    if (!(error instanceof Error)) return { badInput: false, message: String(error), stack: String(error) }
    return { badInput: error instanceof InputError, message: error.message, stack: error.stack ?? error.message }
  }
}
