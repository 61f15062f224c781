import { ownedWhile, type Own, type Owned } from '../gpu/owned.ts'
import { Program, type BoundKernel } from '../gpu/program.ts'
import { readBuffer } from '../gpu/readback.ts'
import type { Slice } from '../gpu/kernel.ts'
import { StepRing } from '../gpu/step-ring.ts'
import { callsOf, elements, type Node, type Value } from '../graph/graph.ts'
import { halve } from '../graph/halve.ts'
import { buildPlans } from '../graph/plan.ts'
import { trainingGraph, type NetworkGraph } from '../graph/training-graph.ts'
import { gradientNorm } from '../kernels/gradientNorm.ts'
import { gradientSumKernel } from '../kernels/gradientSum.ts'
import { notFinite, type FoundNotFinite } from '../kernels/notFinite.ts'
import { perturbKernel } from '../kernels/perturb.ts'
import type { State } from '../graph/state.ts'
import { scratch, whole } from './buffers.ts'
import type { RunSettings } from '../model/validate.ts'
import { augmentationOf } from './feed.ts'
import { stateOf } from './prepare.ts'
import type { Moment, ProbedRun } from './probe.ts'
import { batchOfStep, StepNumbers } from './step-row.ts'
import { clippedUpdateOf, updateOf } from './training-plan.ts'

/** One thing that a step does, whose results are looked at right after it. */
export interface Stage {
  program: Program
  /** An operation of the network; else what comes before and after them. */
  node?: Node
  what: 'gather' | 'node' | 'sum' | 'norm' | 'update' | 'perturb'
  /** What it writes: where the findings of each stand. */
  results: { name: string; value?: Value; slice: Slice; place: number; halves: boolean }[]
}

/** A stage that wrote a number which is not finite. */
export interface Halt {
  step: number
  part: number
  stage: Stage
  result: Stage['results'][number]
  found: FoundNotFinite
}

/**
 * Training steps of a run, operation by operation: each has a kernel of its own, none is fused with another, and after each its results are looked at, bit
 * by bit. It has buffers of its own and leaves the run alone. The small network's steps and those in which kernels are fused are the same but for
 * rounding.
 */
export class TracedStep {
  readonly network: NetworkGraph
  readonly state: State
  readonly find: (value: Value) => Slice
  readonly device: GPUDevice
  readonly #run: ProbedRun
  readonly #made: Made
  readonly #parts: readonly Owned[]
  #moment: Moment
  #numbers!: StepNumbers
  #rows: number[] = []

  private constructor(run: ProbedRun, made: Made, parts: readonly Owned[]) {
    this.#run = run
    this.#made = made
    this.#parts = parts
    this.#moment = run.moment()
    this.network = made.network
    this.state = made.state
    this.find = made.find
    this.device = run.prepared.gpu.device
  }

  static async open(run: ProbedRun): Promise<TracedStep> {
    const traced = await ownedWhile(async (own, parts) => new TracedStep(run, await make(run, own), parts))
    await traced.capture()
    return traced
  }

  /** The run's own settings. */
  get moment(): Moment {
    return this.#moment
  }

  /** Takes the run's parameters, moments and statistics as they are. */
  async capture(): Promise<void> {
    this.#moment = await this.#run.between(() => {
      this.#run.check()
      const { state, programs } = this.#run.prepared
      const encoder = this.device.createCommandEncoder({ label: 'capture' })
      encoder.copyBufferToBuffer(state.arena, 0, this.state.arena, 0, state.arena.size)
      for (const { name, slice } of programs.training.carried) {
        const own = this.#made.carried.get(name)
        if (own) encoder.copyBufferToBuffer(slice.buffer, slice.offset, own.buffer, own.offset, own.size)
      }
      this.device.queue.submit([encoder.finish()])
      return this.#run.moment()
    })
    const { settings, carried } = this.#moment
    const { model, block } = this.#run.prepared
    this.#numbers = new StepNumbers(settings, model.seed, block)
    this.#numbers.carried = carried
  }

  /** Other settings for the steps that come. */
  set(settings: RunSettings): void {
    this.#moment = { ...this.#moment, settings }
    this.#numbers.settings = settings
  }

  /** Does the next step. Resolves with the first stage that left something not finite; the step is then to be looked at with `again`. */
  async next(): Promise<Halt | undefined> {
    const { train, model, shuffle } = this.#run.prepared
    const step = this.#moment.step + 1
    this.#moment = { ...this.#moment, step }
    const { parts } = batchOfStep(step, train.count, model.batchSize, model.accumulate)
    this.#rows = this.#made.ring.write(parts, (part, row, place) => {
      this.#numbers.training(row, step, batchOfStep(step, train.count, model.batchSize, model.accumulate, part), train.count, shuffle, 0)
      this.#numbers.dispatch(row, place, 1, true)
    })
    const stages = this.#stages(parts)
    const places = this.#made.places
    const none = Uint32Array.from({ length: 4 * places * stages.length }, (_, i) => notFinite.none[i % 4]!)
    const findings = new Uint32Array(stages.length * places * 4)
    const encoder = this.device.createCommandEncoder({ label: 'traced step' })
    encoder.copyBufferToBuffer(this.state.arena, 0, this.#made.before, 0, this.state.arena.size)
    this.device.queue.submit([encoder.finish()])
    for (const [i, { part, stages: own }] of stages.entries()) {
      this.device.queue.writeBuffer(this.#made.findings, 0, none, 0, 4 * places)
      this.#submit(own, this.#rows[part]!)
      findings.set(new Uint32Array(await readBuffer(this.device, this.#made.findings)), 4 * places * i)
      for (const stage of own)
        for (const result of stage.results) {
          const found = notFinite.at(findings.subarray(4 * places * i), result.place)
          if (found) return { step, part, stage, result, found }
        }
    }
    return undefined
  }

  /** Does the step again up to a stage and including it, so that what it read and wrote lies where `find` says. */
  again({ part, stage }: Halt): void {
    const encoder = this.device.createCommandEncoder({ label: 'traced step again' })
    encoder.copyBufferToBuffer(this.#made.before, 0, this.state.arena, 0, this.state.arena.size)
    this.device.queue.submit([encoder.finish()])
    for (const { part: own, stages } of this.#stages(part + 1)) {
      const end = own === part ? stages.indexOf(stage) : -1
      this.#submit(end < 0 ? stages : stages.slice(0, end + 1), this.#rows[own]!)
      if (end >= 0) return
    }
  }

  /** Parameters and moments before the step under way. */
  get before(): GPUBuffer {
    return this.#made.before
  }

  destroy(): void {
    for (const part of this.#parts) part.destroy()
  }

  /** What a step of so many parts does, in order. */
  #stages(parts: number): { part: number; stages: readonly Stage[] }[] {
    const { batch, sum, end, clippedEnd, perturb } = this.#made
    const { clipNorm, perturbation } = this.#moment.settings
    const each = Array.from({ length: parts }, (_, part) => ({ part, stages: sum ? [...batch, sum] : batch }))
    const update = [...(clipNorm === null ? end : clippedEnd), ...(perturbation > 0 ? [perturb] : [])]
    return [...each, { part: parts - 1, stages: update }]
  }

  #submit(stages: readonly Stage[], row: number) {
    const encoder = this.device.createCommandEncoder({ label: 'traced step' })
    const pass = encoder.beginComputePass({ label: 'traced step' })
    for (const { program } of stages) program.encode(pass, this.#made.ring.group, row)
    pass.end()
    this.device.queue.submit([encoder.finish()])
  }
}

interface Made {
  network: NetworkGraph
  state: State
  before: GPUBuffer
  ring: StepRing
  findings: GPUBuffer
  /** Findings that there is room for. */
  places: number
  find: (value: Value) => Slice
  carried: Map<string, Slice>
  batch: Stage[]
  sum: Stage | undefined
  end: Stage[]
  clippedEnd: Stage[]
  perturb: Stage
}

/** Results that are places in other values, or room for sums on their way. */
const unseen = new Set(['taps', 'spans', 'partial', 'copy'])

async function make({ prepared }: ProbedRun, own: Own): Promise<Made> {
  const { gpu, pipelines, model, train, programs, method } = prepared
  const network = trainingGraph(model, model.loss, model.batchSize)
  if (method.precision === 'mixed') halve(network.graph)
  const places = 8 + network.graph.nodes.length * 4
  const { state, before, ring, findings, norm, partials } = await gpu.checked('a traced step', () => {
    const state = own(stateOf(gpu.device, model))
    return {
      state,
      before: own(scratch(gpu, 'state before the step', state.arena.size)),
      ring: own(new StepRing(gpu.device, pipelines, model.accumulate ?? 1)),
      findings: own(scratch(gpu, 'findings', places * notFinite.bytes)),
      norm: own(scratch(gpu, 'gradient norm', 16)),
      partials: own(scratch(gpu, 'gradient norm partials', gradientNorm.partialBytes)),
    }
  })
  const { plans, buffers } = await buildPlans(
    gpu,
    pipelines,
    state,
    [{ label: 'traced', graph: network.graph, keep: new Set() }],
    programs.training.choose,
  )
  buffers.forEach(own)
  own(plans[0]!.program)
  const { find } = plans[0]!
  let next = 0
  type Written = { name: string; value?: Value; slice: Slice; halves?: boolean }
  const stage = async (what: Stage['what'], kernels: readonly BoundKernel[], written: readonly Written[], node?: Node): Promise<Stage> => {
    const results = written.map((one) => ({ ...one, halves: one.halves ?? false, place: next++ }))
    const looks = results.map(({ slice, place, halves }): BoundKernel => ({
      kernel: notFinite.kernel(slice.size / 4, place, { halves }),
      slices: [slice, whole(findings)],
    }))
    const program = own(await Program.build(gpu, pipelines, what, [...kernels, ...looks]))
    return { program, what, results, ...(node && { node }) }
  }
  const { input } = network.lowered
  const { target } = network
  const gather = train.kernels(model.batchSize, find(input), find(target), augmentationOf(model))
  const batch = [
    await stage('gather', gather, [
      { name: 'input', value: input, slice: find(input) },
      ...(target.dtype === 'f32' ? [{ name: 'target', value: target, slice: find(target) }] : []),
    ]),
  ]
  for (const node of network.graph.nodes) {
    const kernels = callsOf(node, programs.training.choose).map(({ kernel, values }): BoundKernel => ({ kernel, slices: values.map(find) }))
    batch.push(await stage('node', kernels, resultsOf(node, find), node))
  }
  const gradients: Written = { name: 'gradients', slice: state.allGradients }
  const ends: Written[] = [
    { name: 'parameter', slice: state.allParameters },
    ...Array.from({ length: state.moments }, (_, i) => ({ name: `moment${i + 1}`, slice: state.moment(i) })),
  ]
  const parts = model.accumulate ?? 1
  const summed = parts > 1 ? own(scratch(gpu, 'sum of gradients', state.gradients.size)) : undefined
  const clipping = clippedUpdateOf(model, state, norm, partials)
  return {
    network,
    state,
    before,
    ring,
    findings,
    places,
    find,
    carried: new Map(
      network.graph.nodes.flatMap(({ inputs }) => {
        const range = inputs['range'] as Value | undefined
        return range?.role === 'persistent' ? [[range.name, find(range)] as const] : []
      }),
    ),
    batch,
    sum:
      summed &&
      (await stage(
        'sum',
        [{ kernel: gradientSumKernel(state.parameterFloats), slices: [state.allGradients, whole(summed)] }],
        [gradients],
      )),
    end: [await stage('update', [updateOf(model, state)], ends)],
    clippedEnd: [
      await stage('norm', clipping.slice(0, 2), [{ name: 'norm', slice: whole(norm) }]),
      await stage('update', clipping.slice(2), ends),
    ],
    perturb: await stage('perturb', [{ kernel: perturbKernel(state.parameterFloats), slices: [state.allParameters] }], [ends[0]!]),
  }
}

/** A node's results that are numbers, of the loss first the loss itself. */
function resultsOf(node: Node, find: (value: Value) => Slice) {
  const named = Object.entries(node.outputs).flatMap(([name, slot]) =>
    (Array.isArray(slot) ? (slot as Value[]) : [slot as Value | undefined]).flatMap((value) => (value ? [{ name, value }] : [])),
  )
  return named
    .filter(({ name, value }) => (!unseen.has(name) || value.dtype === 'f16') && value.dtype !== 'i32' && elements(value) > 0)
    .sort((a, b) => Number(b.name === 'rowResult') - Number(a.name === 'rowResult'))
    .map(({ name, value }) => ({ name, value, slice: find(value), halves: value.dtype === 'f16' }))
}
