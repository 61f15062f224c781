import type { Contestant, Measured } from '../rounds.ts'
import type { NumericsCheck, RatioRow, Row, Suite } from '../result.ts'
import type { Engine } from '../../src/train/engine.ts'
import type { Host } from '../../src/cli/host.ts'
import type { Peer } from '../peers/peer.ts'
import type { Workbench } from '../workbench.ts'

/** What a suite works with and tells its results to. */
export interface SuiteContext {
  readonly host: Pick<Host, 'runtime' | 'stage' | 'firstStep'>
  /** One device for single kernels, opened when first asked for. */
  workbench(): Promise<Workbench>
  /** The engine as an application uses it, opened when first asked for. */
  engine(): Promise<Engine>
  /** The other engines, opened when first asked for; none without --peers. */
  peers(): Promise<Peer[]>
  /** Whether the call asked for this name of this suite. */
  wants(suite: Suite, name: string): boolean
  /** What is being done now, for the progress bar. */
  stage(what: string): void
  /** How many times the suite will call `measure`, for the progress bar. */
  expect(measurements: number): void
  /** Times the contestants in interleaved rounds. */
  measure(what: string, contestants: readonly Contestant[]): Promise<Measured[]>
  row(row: Row): void
  ratio(ratio: RatioRow): void
  numerics(check: NumericsCheck): void
  note(text: string): void
  /** Rows so far. */
  readonly rows: readonly Row[]
}
