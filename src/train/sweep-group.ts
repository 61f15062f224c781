/** Networks of one kernel that train side by side, a workgroup each. */
import { parametersOf } from '../model/shapes.ts'
import { wrongAt, wrongIn } from '../errors.ts'
import type { Gpu } from '../gpu/device.ts'
import { ownedWhile, type Owned } from '../gpu/owned.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { Program } from '../gpu/program.ts'
import { readBuffer } from '../gpu/readback.ts'
import { Scheduler } from '../gpu/scheduler.ts'
import { StepRing } from '../gpu/step-ring.ts'
import { smallGraph, smallVariants, type SmallGraph } from '../graph/small-network.ts'
import type { State } from '../graph/state.ts'
import { initializeKernel } from '../kernels/initialize.ts'
import { smallNetworkKernel } from '../kernels/smallNetwork.ts'
import type { ModelFile } from '../model/types.ts'
import { scratch, whole } from './buffers.ts'
import type { Feed } from './feed.ts'
import { stateOf } from './prepare.ts'
import { arenaOf, workgroupLimits } from './small-plan.ts'
import { fastestVariant } from './small-tuning.ts'
import { batchOfStep, resultFloats, StepNumbers } from './step-row.ts'

const ringRows = 32_768
/** Milliseconds of a submit: a workgroup loads and stores its network once in each, and nobody looks at a sweep in between. */
const targetMilliseconds = 60
/** Results that wait to be read: a readback for each would take longer than the steps. */
const resultRows = 262_144

export interface Start {
  shuffle: boolean
  parameters: Readonly<Record<string, Float32Array>>
}

/** What a group's run tells, and what ends it. */
export interface GroupRun {
  /** Hears 0 … 1. */
  onProgress: (done: number) => void
  /** Hears of how many steps the losses are there. */
  onPartial?: (steps: number) => void
  signal?: AbortSignal
}

/** Of all steps, what lies between two partial results. */
const partialShare = 1 / 16

/** Throws an InputError where a network does not fit a workgroup. */
export function checkSmall(model: ModelFile, feed: Feed, shuffle: boolean): void {
  let places = 0
  const graph = smallGraph(model, feed.whole?.data, { parameterFloats: 0, decayedFloats: 0, place: () => places++ }, shuffle)
  if ('code' in graph) throw wrongIn('sweep', 'run.notSmall', { why: graph })
}

/** Networks of one kernel, their state one behind the other. */
export class SweepGroup {
  readonly #gpu: Gpu
  readonly #models: readonly ModelFile[]
  readonly #feed: Feed
  readonly #shuffle: boolean
  readonly #ring: StepRing
  readonly #results: GPUBuffer
  readonly #program: Program
  readonly #owned: readonly Owned[]

  static async open(gpu: Gpu, pipelines: Pipelines, models: readonly ModelFile[], feed: Feed, start: Start): Promise<SweepGroup> {
    const [model] = models as readonly [ModelFile]
    return ownedWhile(async (own, parts) => {
      const layout = own(stateOf(gpu.device, model))
      const graph = smallGraph(model, feed.whole?.data, arenaOf(layout), start.shuffle)
      if ('code' in graph) throw wrongIn('sweep', 'run.notSmall', { why: graph })
      const ring = own(new StepRing(gpu.device, pipelines, ringRows))
      const buffers = {
        observed: own(scratch(gpu, 'observed values', Math.max(16, graph.observedFloats * 4))),
        results: own(scratch(gpu, 'results of all networks', resultRows * resultFloats * 4)),
        state: own(scratch(gpu, 'state of all networks', models.length * layout.arena.size)),
      }
      const around = { ring, layout, feed, model, shuffle: start.shuffle }
      const program = own(await this.#kernel(gpu, pipelines, graph, models.length, around, buffers))
      await initialize(gpu, pipelines, models, layout, buffers.state, start.parameters)
      return new SweepGroup(gpu, models, feed, start.shuffle, ring, buffers.results, program, parts)
    })
  }

  static async #kernel(
    gpu: Gpu,
    pipelines: Pipelines,
    graph: SmallGraph,
    networks: number,
    { ring, layout, feed, model, shuffle }: { ring: StepRing; layout: State; feed: Feed; model: ModelFile; shuffle: boolean },
    { observed, results, state }: { observed: GPUBuffer; results: GPUBuffer; state: GPUBuffer },
  ): Promise<Program> {
    const { samples, targets, scaling } = feed.whole!
    const all = { state: whole(state), gradients: layout.allGradients, results: whole(results) }
    const build = (variant: Parameters<typeof smallNetworkKernel>[1], own: typeof all, count = 1) =>
      Program.build(gpu, pipelines, 'sweep', [
        {
          kernel: smallNetworkKernel(graph.small, variant, count),
          slices: [ring.slice, samples, targets, own.state, own.gradients, whole(observed), own.results, ...(scaling ? [scaling] : [])],
        },
      ])
    const request = { gpu, ring, state: layout, model, train: feed, shuffle }
    const variant = await fastestVariant(request, smallVariants(graph.small, workgroupLimits(gpu)), build, {
      network: JSON.stringify(graph.small),
    })
    if (!variant) throw wrongIn('sweep', 'sweep.noVariant')
    return build(variant, all, networks)
  }

  private constructor(
    gpu: Gpu,
    models: readonly ModelFile[],
    feed: Feed,
    shuffle: boolean,
    ring: StepRing,
    results: GPUBuffer,
    program: Program,
    owned: readonly Owned[],
  ) {
    this.#gpu = gpu
    this.#models = models
    this.#feed = feed
    this.#shuffle = shuffle
    this.#ring = ring
    this.#results = results
    this.#program = program
    this.#owned = owned
  }

  /** Trains all to the length of their `losses`. */
  async run(losses: readonly Float32Array[], { onProgress, onPartial, signal }: GroupRun): Promise<void> {
    const count = this.#models.length
    const wanted = losses[0]!.length
    const numbers = this.#models.map(
      ({ optimizer, schedule = null, warmup = 0, clipNorm = null, seed }) =>
        new StepNumbers({ optimizer, schedule, warmup, clipNorm, perturbation: 0 }, seed),
    )
    const scheduler = new Scheduler(this.#gpu.device.queue, {
      maxSteps: Math.max(1, Math.floor(ringRows / 3 / count)),
      target: targetMilliseconds,
      naps: this.#gpu.waitingSpins,
    })
    const perRead = Math.min(Math.floor(resultRows / count), onPartial ? Math.ceil(wanted * partialShare) : Infinity)
    for (let first = 0; first < wanted; first += perRead) {
      const steps = Math.min(perRead, wanted - first)
      for (let done = 0; done < steps;) {
        signal?.throwIfAborted()
        const next = scheduler.next(steps - done)
        this.#submit(numbers, first + done, next, done)
        await scheduler.submitted(next)
        done += next
        onProgress((first + done) / wanted)
      }
      await scheduler.idle()
      const rows = new Float32Array(await readBuffer(this.#gpu.device, this.#results, 0, steps * count * resultFloats * 4))
      for (let step = 0; step < steps; step++)
        for (const [i, loss] of losses.entries()) loss[first + step] = rows[(step * count + i) * resultFloats]!
      onPartial?.(first + steps)
    }
  }

  /** `slot`: where the results of the first of these steps go. */
  #submit(numbers: readonly StepNumbers[], before: number, steps: number, slot: number) {
    const count = this.#models.length
    const { batchSize } = this.#models[0]!
    const samples = this.#feed.count
    const batches = Array.from({ length: steps }, (_, i) => batchOfStep(before + 1 + i, samples, batchSize))
    const rows = this.#ring.write(steps * count, (i, row, place) => {
      const turn = Math.floor(i / count)
      const network = numbers[i % count]!
      network.training(row, before + 1 + turn, batches[turn]!, samples, this.#shuffle, slot * count + i)
      network.dispatch(row, place, steps, false)
    })
    const encoder = this.#gpu.device.createCommandEncoder({ label: 'sweep' })
    const pass = encoder.beginComputePass({ label: 'sweep' })
    this.#program.encode(pass, this.#ring.group, rows[0])
    pass.end()
    this.#gpu.device.queue.submit([encoder.finish()])
  }

  destroy() {
    for (const thing of this.#owned) thing.destroy()
  }
}

/** Each network's first parameters from its own seed, or those that were given. */
async function initialize(
  gpu: Gpu,
  pipelines: Pipelines,
  models: readonly ModelFile[],
  layout: State,
  state: GPUBuffer,
  given: Readonly<Record<string, Float32Array>>,
) {
  for (const [path, value] of Object.entries(given)) {
    const { size } = layout.slice(path)
    if (value.length * 4 !== size) throw wrongAt(path, 'run.parameterSize', { found: value.length, expected: size / 4 })
  }
  const stride = layout.arena.size
  const networksOf = new Map<number, number[]>()
  for (const [network, { seed }] of models.entries()) networksOf.set(seed, [...(networksOf.get(seed) ?? []), network])
  // Made once for all networks of a seed, in the arena that no network trains in, and copied.
  const programs = await Promise.all(
    [...networksOf.keys()].map((seed) => {
      const kernels = parametersOf(models[0]!).map(({ path, shape, initial }, ordinal) => {
        const count = shape.reduce((product, n) => product * n, 1)
        return { kernel: initializeKernel(initial, count, ordinal, seed), slices: [layout.slice(path)] }
      })
      return Program.build(gpu, pipelines, 'initial values', kernels)
    }),
  )
  const encoder = gpu.device.createCommandEncoder({ label: 'initial values' })
  for (const [i, networks] of [...networksOf.values()].entries()) {
    const pass = encoder.beginComputePass({ label: 'initial values' })
    programs[i]!.encode(pass)
    pass.end()
    for (const network of networks) encoder.copyBufferToBuffer(layout.arena, 0, state, network * stride, stride)
  }
  gpu.device.queue.submit([encoder.finish()])
  for (const [path, value] of Object.entries(given)) {
    const { offset } = layout.slice(path)
    for (let network = 0; network < models.length; network++)
      gpu.device.queue.writeBuffer(state, network * stride + offset, new Float32Array(value))
  }
  await gpu.device.queue.onSubmittedWorkDone()
  for (const program of programs) program.destroy()
}
