import type { BenchResult } from '../../bench/result.ts'
import { adapterText, resultText } from '../../bench/table.ts'
import { checkOnly, runBench, type BenchSettings } from '../../bench/run.ts'
import type { Host } from './host.ts'

/** A call of `bench`; its suites are in bench/. */
export type BenchJob = BenchSettings

/** Measures this adapter and resolves with what the bench JSON holds, and with tables of it. Throws an InputError on a suite that does not exist. */
export async function runBenchJob(job: BenchJob, host: Host): Promise<{ result: BenchResult; text: string }> {
  checkOnly(job.only ?? [])
  const result = await runBench(job, host, {
    adapter: (adapter) => void host.report({ kind: 'note', text: adapterText(adapter) }),
    progress: (done, what) => void host.report({ kind: 'measuring', done, what }),
  })
  return { result, text: resultText(result) }
}
