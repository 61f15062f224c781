/** The sweep map: networks over two axes, each trained from fresh weights, and what they reached. */
import type { Dataset } from '../../data/types.ts'
import type { ModelFile } from '../../model/types.ts'
import type { Engine } from '../../train/engine.ts'
import { kernelKind } from '../../train/sweep.ts'
import { message, type Message } from '../../words/say.ts'
import { constantRate, OneByOne, trainAtOnce, type Losses, type Manner } from '../networks.ts'
import { secondsPerStep, stepsAtOnce, stepsInTurn } from '../rate/plan.ts'
import { reached } from '../rate/summary.ts'
import { checkAxes, withValues, type Axis } from './axes.ts'

export interface SweepMapOptions extends Manner {
  /** Of each network. */
  steps?: number
  /** Seconds that networks which train one after the other may take by count; then fewer values of each axis are tried, and the result says so. */
  budget?: number
  signal?: AbortSignal
  onProgress?: (done: number) => void
  onPartial?: (partial: SweepMapPart) => void
}

export interface SweepMapPart {
  axes: readonly [Axis, Axis]
  /** The mean loss of each network's last quarter, by value of the first axis and of the second; null: it diverged; undefined: it has not begun. */
  loss: readonly (readonly (number | null | undefined)[])[]
  /** The losses of each network's steps so far, likewise. */
  curves: readonly (readonly Losses[])[]
  steps: number
}

export interface SweepMap extends SweepMapPart {
  loss: readonly (readonly (number | null)[])[]
  way: 'atOnce' | 'oneByOne'
  extent: Message
}

/**
 * Trains a network for each pair of values of two axes, all for as many steps and at a constant rate, without the model's schedule and warm-up: at once
 * where all fit a workgroup, else one after the other.
 * @throws InputError on axes that the model does not have, and on values that make no model
 */
export async function sweepMap(
  engine: Engine,
  given: ModelFile,
  dataset: Dataset,
  axes: readonly Axis[],
  options: SweepMapOptions = {},
): Promise<SweepMap> {
  checkAxes(given, axes)
  const model = constantRate(given)
  const steps = options.steps ?? stepsAtOnce
  const { signal, shuffle, perturbation, onProgress, onPartial } = options
  signal?.throwIfAborted()
  const cells = new Cells(model, axes, steps)
  const losses = await trainAtOnce(engine, cells.models, dataset, {
    steps,
    signal,
    ...(shuffle !== undefined && { shuffle }),
    ...(perturbation !== undefined && { perturbation }),
    ...(onProgress && { onProgress }),
    ...(onPartial && { onPartial: (part) => onPartial(cells.part(part)) }),
  })
  if (losses) return { ...finished(cells.part(losses)), way: 'atOnce', extent: extentOf(axes, steps) }
  return oneByOne(engine, model, dataset, axes, options)
}

/** One network a pair of values, the second axis running faster. */
class Cells {
  readonly axes: readonly [Axis, Axis]
  readonly models: readonly ModelFile[]
  readonly #steps: number

  constructor(model: ModelFile, axes: readonly [Axis, Axis], steps: number) {
    this.axes = axes
    this.#steps = steps
    const [rows, columns] = axes
    this.models = rows.values.flatMap((row) => columns.values.map((column) => withValues(model, axes, [row, column])))
  }

  part(losses: readonly Losses[]): SweepMapPart {
    const columns = this.axes[1].values.length
    const curves = this.axes[0].values.map((_, row) => losses.slice(row * columns, (row + 1) * columns))
    return { axes: this.axes, steps: this.#steps, curves, loss: curves.map((row) => row.map(reached)) }
  }
}

const finished = (part: SweepMapPart) => ({ ...part, loss: part.loss as (number | null)[][] })

const extentOf = ([rows, columns]: readonly [Axis, Axis], steps: number) =>
  message('sweep.extent', { rows: rows.values.length, columns: columns.values.length, steps })

const none: Losses = new Float32Array()

async function oneByOne(
  engine: Engine,
  model: ModelFile,
  dataset: Dataset,
  all: readonly [Axis, Axis],
  { budget, signal, shuffle, perturbation, onProgress, onPartial, ...options }: SweepMapOptions,
): Promise<SweepMap> {
  const networks = new OneByOne(engine, dataset, {
    plannedSteps: options.steps ?? 10_000,
    ...(shuffle !== undefined && { shuffle }),
    ...(perturbation !== undefined && { perturbation }),
  })
  try {
    const perStep = secondsPerStep(await networks.prepare(model), engine.adapter.software)
    const steps = options.steps ?? stepsInTurn(budget ?? Infinity, perStep)
    const axes = budget === undefined ? all : thinned(all, budget / (steps * perStep))
    const cells = new Cells(model, axes, steps)
    const losses = cells.models.map(() => none)
    let trained = 0
    // Those that one compiled trainer can train, one behind the other.
    const order = cells.models
      .map((own, i) => ({ i, kind: kernelKind(own) }))
      .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.i - b.i))
    for (const { i } of order) {
      losses[i] = await networks.train(cells.models[i]!, steps, {
        signal,
        onLosses: (part) => onProgress?.((trained + part.length / steps) / order.length),
      })
      onProgress?.(++trained / order.length)
      onPartial?.(cells.part(losses))
    }
    const isThinned = axes.some(({ values }, i) => values.length < all[i]!.values.length)
    const extent = isThinned ? message('sweep.thinned', { extent: extentOf(axes, steps), budget: budget! }) : extentOf(axes, steps)
    return { ...finished(cells.part(losses)), way: 'oneByOne', extent }
  } finally {
    networks.destroy()
  }
}

/** Fewer values of each axis, at least two, so that there are `most` pairs at most; the ends stay. */
export function thinned([rows, columns]: readonly [Axis, Axis], most: number): readonly [Axis, Axis] {
  let [first, second] = [rows.values.length, columns.values.length]
  while (first * second > most && (first > 2 || second > 2))
    if (first >= second) first--
    else second--
  return [picked(rows, first), picked(columns, second)]
}

const picked = ({ name, values }: Axis, count: number): Axis => ({
  name,
  values:
    count >= values.length ? values : Array.from({ length: count }, (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))]!),
})
