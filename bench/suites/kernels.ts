import { convCases } from '../kernels/conv-cases.ts'
import { imageCases } from '../kernels/image-cases.ts'
import { errorOf, firstError, type KernelCase, type NamedCase } from '../kernels/kernel-case.ts'
import { matmulCases } from '../kernels/matmul-cases.ts'
import { otherCases } from '../kernels/other-cases.ts'
import type { Contestant, Measured } from '../rounds.ts'
import type { Row } from '../result.ts'
import { roofOf } from '../roofline.ts'
import { pairedRatio, summarize } from '../statistics.ts'
import type { SuiteContext } from './context.ts'
import { runLimits } from './limits.ts'

/** The engine's kernel, or a peer's, for one case. */
interface Entry {
  one: KernelCase
  engine: string
  contestant: Contestant
  error: number
  destroy(): void
}

/** Cases that are timed in the same rounds, so that a busy moment of the machine does not fall on one of them alone. */
const casesAtOnce = 4

/** Every kernel of the engine alone, against float64 and against what the adapter can do. */
export async function runKernels(context: SuiteContext): Promise<void> {
  const bench = await context.workbench()
  const cases = casesOf(bench.gpu.adapter.software).filter(({ name }) => context.wants('kernels', name))
  if (cases.length === 0)
    return context.note('These kernels are measured on hardware adapters alone: a software one takes seconds for each.')
  const measured = roofOf(context.rows) !== undefined
  context.expect(Math.ceil(cases.length / casesAtOnce) + (measured ? 0 : 1))
  if (!measured) await runLimits(context, 'ceilings')
  for (let first = 0; first < cases.length; first += casesAtOnce) await runGroup(context, cases.slice(first, first + casesAtOnce))
}

const casesOf = (software: boolean): NamedCase[] => [...matmulCases(software), ...convCases(), ...imageCases(), ...otherCases()]

/** Every row that this suite may have, on some adapter. */
export const kernelNames = (): string[] => casesOf(false).map(({ name }) => name)

async function runGroup(context: SuiteContext, cases: readonly NamedCase[]): Promise<void> {
  const bench = await context.workbench()
  const entries: Entry[] = []
  for (const { name, build } of cases) {
    context.stage(`kernels: ${name}, checking`)
    entries.push(...(await entriesOf(context, await build(bench))))
  }
  const sound = entries.filter(({ one, error }) => error <= one.tolerance)
  const contestants = sound.map(({ contestant }) => contestant)
  const times = await context.measure(`kernels: ${cases.map(({ name }) => name).join(', ')}`, contestants)
  const timesOf = (entry: Entry | undefined) => (entry ? times[sound.indexOf(entry)] : undefined)
  for (const entry of entries) {
    const own = entries.find(({ one, engine }) => one === entry.one && engine === 'gradscope')
    context.row(rowOf(context, entry, timesOf(entry)))
    tellRatio(context, entry, timesOf(own), timesOf(entry))
    entry.destroy()
  }
}

function tellRatio(context: SuiteContext, { one, engine }: Entry, own: Measured | undefined, other: Measured | undefined) {
  if (engine === 'gradscope' || !own || !other || 'problem' in own || 'problem' in other) return
  context.ratio({ suite: 'kernels', name: one.name, over: engine, ...pairedRatio(own.milliseconds, other.milliseconds) })
}

/** The engine's own kernel, and the peers'; one of these that fails is noted and left out. */
async function entriesOf(context: SuiteContext, one: KernelCase): Promise<Entry[]> {
  const bench = await context.workbench()
  const own = await bench.prepare(one.name, one.calls, one.step)
  const expected = one.expected()
  const error = await firstError(own, one, expected)
  const entries: Entry[] = [{ one, engine: 'gradscope', contestant: own, error, destroy: () => own.destroy() }]
  for (const peer of one.peer ? await context.peers() : [])
    try {
      const kernel = await one.peer?.(peer)
      if (!kernel) continue
      const entry = { one, engine: peer.engine, contestant: kernel, destroy: () => kernel.destroy() }
      entries.push({ ...entry, error: errorOf(await kernel.result(), expected, one.sampled) })
    } catch (failure) {
      context.note(`${peer.engine} failed at ${one.name}: ${failure instanceof Error ? failure.message : String(failure)}`)
    }
  return entries
}

function rowOf(context: SuiteContext, { one, engine, error }: Entry, measured: Measured | undefined): Row {
  const { name, unit, tolerance } = one
  const about = {
    suite: 'kernels',
    name,
    engine,
    unit,
    error: Number.isFinite(error) ? error : null,
    intensity: one.operations / one.bytes,
    ...(engine === 'gradscope' && one.variant !== undefined && { variant: one.variant }),
  } as const
  const none = { median: null, best: null, spread: null, blocks: 0, ok: false }
  if (!measured)
    return { ...about, ...none, reason: `its error is ${error.toExponential(1)}, above ${tolerance.toExponential(1)}: not timed` }
  if ('problem' in measured) return { ...about, ...none, reason: measured.problem }
  const work = unit === 'GFLOP/s' ? one.operations : one.bytes
  const summary = summarize(
    measured.milliseconds.map((milliseconds) => work / milliseconds / 1e6),
    'higher',
  )
  const roof = roofOf(context.rows)
  const limit = unit === 'GFLOP/s' ? roof?.peak : roof?.bandwidth
  return { ...about, ...summary, ok: true, ...(limit !== undefined && { ofLimit: summary.median / limit }) }
}
