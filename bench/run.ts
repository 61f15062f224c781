import { wrongIn } from '../src/errors.ts'
import { createEngine, type Engine } from '../src/train/engine.ts'
import type { Host } from '../src/cli/host.ts'
import type { Gpu } from '../src/gpu/device.ts'
import type { Peer, Peers } from './peers/peer.ts'
import { interleave, type Contestant } from './rounds.ts'
import { benchFormat, suites, type BenchResult, type Row, type Suite } from './result.ts'
import { kernelNames, runKernels } from './suites/kernels.ts'
import { limitNames, runLimits } from './suites/limits.ts'
import { runNumerics } from './suites/numerics.ts'
import { runTraining, trainingNames } from './suites/training.ts'
import { runView, viewNames } from './suites/view.ts'
import type { SuiteContext } from './suites/context.ts'
import { softwareText } from './table.ts'
import { Workbench } from './workbench.ts'

export interface BenchSettings {
  /** A suite, or `suite/beginning` of a name in it; every suite unless given. */
  only?: string[]
  rounds?: number
  peers?: boolean
}

export interface BenchListener {
  /** How far the run is, 0 … 1, and what it does. */
  progress(done: number, what: string): void
  /** Hears on what it measures, before it does. */
  adapter?(adapter: Gpu['adapter']): void
  /** Hears of every result as it comes. */
  changed?(draft: Draft): void
}

/** A result that is being made. */
export type Draft = Pick<BenchResult, 'rows' | 'ratios' | 'numerics' | 'notes'>

export const defaultRounds = 15
/** What a block takes: many times the 0.1 ms that a page's clock may be rounded to. */
const blockMilliseconds: Record<Suite, number> = { limits: 40, kernels: 60, training: 150, view: 600 }
/** Rough shares of a whole run's time, for the progress bar. */
const shareOf: Record<Suite, number> = { limits: 1, kernels: 3, training: 4, view: 2 }

const namesOf: Record<Suite, () => readonly string[]> = {
  limits: limitNames,
  kernels: kernelNames,
  training: trainingNames,
  view: viewNames,
}

/** Throws an InputError where the list cannot be run. */
export function checkOnly(only: readonly string[]): void {
  for (const entry of only) {
    const [name, beginning = ''] = entry.split(/\/(.*)/s) as [string, string?]
    const suite = suites.find((known) => known === name)
    if (!suite) throw wrongIn('--only', 'command.noSuite', { found: name, suites })
    const names = namesOf[suite]()
    if (!names.some((row) => row.startsWith(beginning)))
      throw wrongIn('--only', 'command.noRow', { suite, found: beginning, rows: familiesOf(names) })
  }
}

/** The names, or where they are many what they begin with. */
function familiesOf(names: readonly string[]): string[] {
  if (names.length <= 12) return [...names]
  return [...new Set(names.map((name) => name.replace(/-.*/, '-…')))]
}

type BenchHost = Pick<Host, 'runtime' | 'gpu' | 'tuning' | 'stage' | 'firstStep' | 'peers' | 'browser'>

/** Runs the suites in order on this adapter; stopped by the signal, resolves with what was measured until then. */
export async function runBench(
  settings: BenchSettings,
  host: BenchHost,
  listener: BenchListener,
  signal?: AbortSignal,
): Promise<BenchResult> {
  const only = settings.only ?? [...suites]
  const chosen = suites.filter((suite) => only.some((entry) => entry === suite || entry.startsWith(`${suite}/`)))
  const run = new Run(settings, host, listener, only, signal)
  const total = chosen.reduce((sum, suite) => sum + shareOf[suite], 0)
  let before = 0
  try {
    for (const suite of chosen) {
      run.begin(suite, before / total, shareOf[suite] / total)
      await runs[suite](run)
      before += shareOf[suite]
    }
    return await run.result()
  } catch (error) {
    // What was measured before somebody stopped it is worth keeping.
    if (!signal?.aborted) throw error
    run.note('It was stopped before its end.')
    return await run.result()
  } finally {
    await run.end()
  }
}

const runs: Record<Suite, (context: SuiteContext) => Promise<void>> = {
  limits(context) {
    context.expect(1)
    return runLimits(context, 'all')
  },
  async kernels(context) {
    await runNumerics(context)
    await runKernels(context)
  },
  training: runTraining,
  view: runView,
}

class Run implements SuiteContext {
  readonly host: BenchHost
  readonly rows: Row[] = []
  readonly #settings: BenchSettings
  readonly #listener: BenchListener
  readonly #only: readonly string[]
  readonly #signal: AbortSignal | undefined
  readonly #result: Pick<BenchResult, 'ratios' | 'numerics' | 'notes'> = { ratios: [], numerics: [], notes: [] }
  #bench: Promise<Workbench> | undefined
  #engine: Promise<Engine> | undefined
  #peers: Promise<Peer[]> | undefined
  #isMet = false
  #sleepFirst = false
  #suite: Suite = 'limits'
  #from = 0
  #share = 1
  #stages = 0
  #expected = 1
  readonly #errors = new Set<string>()
  #what = ''

  constructor(settings: BenchSettings, host: BenchHost, listener: BenchListener, only: readonly string[], signal: AbortSignal | undefined) {
    this.#settings = settings
    this.host = host
    this.#listener = listener
    this.#only = only
    this.#signal = signal
  }

  begin(suite: Suite, from: number, share: number) {
    this.#suite = suite
    this.#from = from
    this.#share = share
    this.#stages = 0
    this.expect(1)
  }

  expect(measurements: number) {
    this.#expected = measurements
  }

  workbench() {
    return (this.#bench ??= Workbench.open(this.host.gpu, this.host.tuning).then((bench) => {
      this.#meet(bench.gpu)
      return bench
    }))
  }

  engine() {
    return (this.#engine ??= createEngine({
      ...(this.host.gpu && { gpu: this.host.gpu }),
      ...(this.host.tuning && { tuning: this.host.tuning }),
    }).then((engine) => {
      this.#meet(engine)
      return engine
    }))
  }

  #meet({ adapter, onError }: Pick<Gpu, 'adapter' | 'onError'>) {
    onError(this.#hear)
    if (this.#isMet) return
    this.#isMet = true
    this.#listener.adapter?.(adapter)
    if (!adapter.software) return
    this.note(softwareText(adapter))
    this.#sleepFirst = this.host.runtime === 'dawn'
    if (this.#sleepFirst)
      this.note(
        'dawn.node’s thread spins while the GPU is waited for and takes a core from a software adapter: every block sleeps for most of its expected time first, and so does the engine’s trainer.',
      )
  }

  /** Said once each: a kernel that is dispatched a thousand times says the same a thousand times. */
  readonly #hear = ({ message }: { message: string }) => {
    const text = `The GPU reported an error: ${message.replaceAll(/\s+/g, ' ').trim()}`
    this.#errors.add(text)
  }

  peers() {
    const { peers } = this.host
    return (this.#peers ??= this.#settings.peers && peers ? this.#openPeers(peers) : Promise.resolve([]))
  }

  async #openPeers(peers: Peers): Promise<Peer[]> {
    const opened: Peer[] = []
    for (const name of peers.names) {
      this.stage(`opening ${name}`)
      try {
        opened.push(await peers.open(name))
      } catch (error) {
        this.note(`${name} could not be opened: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    return opened
  }

  wants(suite: Suite, name: string) {
    return this.#only.some((entry) => entry === suite || (entry.startsWith(`${suite}/`) && name.startsWith(entry.slice(suite.length + 1))))
  }

  stage(what: string) {
    this.#signal?.throwIfAborted()
    this.#what = what
    this.#tell(0)
  }

  async measure(what: string, contestants: readonly Contestant[]) {
    this.#what = what
    const measured = await interleave(contestants, {
      rounds: this.#settings.rounds ?? defaultRounds,
      blockMilliseconds: blockMilliseconds[this.#suite],
      sleepFirst: this.#sleepFirst,
      onProgress: (done) => this.#tell(done),
      ...(this.#signal && { signal: this.#signal }),
    })
    this.#stages++
    return measured
  }

  row(row: Row) {
    this.rows.push(row)
    this.#changed()
  }

  ratio(ratio: BenchResult['ratios'][number]) {
    this.#result.ratios.push(ratio)
    this.#changed()
  }

  numerics(check: BenchResult['numerics'][number]) {
    this.#result.numerics.push(check)
    this.#changed()
  }

  note(text: string) {
    this.#result.notes.push(text)
    this.#changed()
  }

  #changed() {
    this.#listener.changed?.({ rows: this.rows, ...this.#result })
  }

  async result(): Promise<BenchResult> {
    for (const text of this.#errors) this.note(text)
    this.numerics({ name: 'the GPU reported no error', ok: this.#errors.size === 0, error: null })
    const { adapter } = this.#engine ? await this.#engine : (await this.workbench()).gpu
    return {
      format: benchFormat,
      adapter: adapter.description,
      browser: this.host.browser,
      driver: adapter.driver,
      date: new Date().toISOString(),
      rows: this.rows,
      ...this.#result,
      rounds: this.#settings.rounds ?? defaultRounds,
    }
  }

  async end() {
    ;(await this.#bench)?.destroy()
    ;(await this.#engine)?.destroy()
  }

  /** `done`: of the measurement under way. */
  #tell(done: number) {
    const part = Math.min(1, (this.#stages + done) / this.#expected)
    this.#listener.progress(this.#from + this.#share * part, this.#what)
  }
}
