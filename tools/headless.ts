import type { Host } from '../src/cli/host.ts'
import { runTask, type Tasks } from '../src/cli/tasks.ts'

// The page in which `train` and `verify` use a headless browser's GPU; tools/cli/runtime.mjs opens it.
declare global {
  var gradscopeReport: Host['report']
  var gradscopeRun: (name: keyof Tasks, job: never) => ReturnType<typeof runTask>
}

async function desk(name: string, init?: RequestInit): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/@desk/${encodeURIComponent(name)}`, init)
  if (!response.ok) throw new Error((await response.text()) || `${name}: HTTP status ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

const host: Host = {
  runtime: 'browser',
  source: (name) => desk(name),
  write: async (name, body) => {
    await desk(name, { method: 'POST', body })
  },
  report: (event) => globalThis.gradscopeReport(event),
}
globalThis.gradscopeRun = (name, job) => runTask(name, job, host)
