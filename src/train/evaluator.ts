import { wrongIn } from '../errors.ts'
import type { Gpu } from '../gpu/device.ts'
import { readBuffer } from '../gpu/readback.ts'
import type { StepRing } from '../gpu/step-ring.ts'
import { toMemory } from '../graph/layout.ts'
import { columnsOf } from '../graph/graph.ts'
import { lossKind, type LossName } from '../model/catalogue/losses.ts'
import type { Programs } from './programs.ts'
import { alone, type StepNumbers } from './step-row.ts'
import type { Evaluation } from './types.ts'

type Part = 'train' | 'test'
type InPass = (pass: GPUComputePassEncoder, offset: number) => void
type After = (encoder: GPUCommandEncoder, first: number, count: number) => void

/** Batches of an evaluation that go into one submit at most. */
const mostBatches = 8
/** Milliseconds that a submit may take before the next one is smaller: a page keeps its frames, and training its turn between. */
const targetMilliseconds = 30

/** An evaluation that has begun: the parameters are copied, and what becomes of them meanwhile does not matter to it. */
export interface Begun {
  /** The step after which the parameters were so. */
  step: number
  result: Promise<Evaluation>
}

/**
 * Runs the network in evaluation mode over a part of the data, or over samples that somebody gives. All samples of one evaluation meet the same
 * parameters: a copy made on the GPU when it begins (as large as the parameters), while training goes on between its batches.
 */
export class Evaluator {
  readonly #gpu: Gpu
  readonly #programs: Programs
  readonly #ring: StepRing
  readonly #counts: Record<Part, number>
  readonly #loss: LossName
  readonly #step: () => number
  readonly outputs: number
  #perSubmit = 1
  #destroyed = false
  /** The evaluations share buffers: each waits for the one before. */
  #last: Promise<unknown> = Promise.resolve()

  /** `step` tells after which step the parameters are as they are. */
  constructor(gpu: Gpu, programs: Programs, ring: StepRing, counts: Record<Part, number>, loss: LossName, step: () => number) {
    this.#step = step
    this.#gpu = gpu
    this.#programs = programs
    this.#ring = ring
    this.#counts = counts
    this.#loss = loss
    this.outputs = columnsOf(programs.evaluationGraph.lowered.output)
  }

  /** Mean loss and accuracy over every sample of the part, each counted once; with the outputs that they come from, if asked for. */
  async evaluate(part: Part, numbers: StepNumbers, withOutputs = false): Promise<Evaluation> {
    return (await this.begin(part, numbers, withOutputs)).result
  }

  /** The same; resolves as soon as the parameters are copied, which waits for the evaluations before. */
  async begin(part: Part, numbers: StepNumbers, withOutputs = false): Promise<Begun> {
    await this.#programs.arrival(part)
    return new Promise((resolve, reject) => {
      const work = this.#inTurn(async (step) => {
        const result = this.#evaluate(part, numbers, withOutputs, step)
        const arriving = result.then(({ read }) => read)
        arriving.catch(() => {}) // whoever asked for it hears of it
        resolve({ step, result: arriving })
        await result
      })
      work.catch(reject)
    })
  }

  async #evaluate(part: Part, numbers: StepNumbers, withOutputs: boolean, step: number): Promise<{ read: Promise<Evaluation> }> {
    const { accumulator } = this.#programs
    this.#gpu.device.queue.writeBuffer(accumulator, 0, new Float32Array(4))
    const accumulate: InPass = (pass, offset) => this.#programs.accumulate.encode(pass, this.#ring.group, offset)
    const outputs = withOutputs
      ? await this.#collected(part, numbers, accumulate)
      : await this.#batches(part, numbers, { inPass: accumulate }).then(() => undefined)
    this.#checkAlive()
    // The next evaluation need not wait until this one's numbers are read.
    return { read: readBuffer(this.#gpu.device, accumulator).then((bytes) => this.#evaluationOf(bytes, step, outputs)) }
  }

  #evaluationOf(bytes: ArrayBuffer, step: number, outputs: Float32Array<ArrayBuffer> | undefined): Evaluation {
    const [sum, rest] = new Float32Array(bytes, 0, 2) as unknown as [number, number]
    const [correct, count] = new Uint32Array(bytes, 8, 2) as unknown as [number, number]
    const classes = lossKind(this.#loss).ofClasses
    return {
      step,
      loss: (sum + rest) / count,
      accuracy: classes ? correct / count : null,
      correct: classes ? correct : null,
      count,
      ...(outputs && { outputs }),
    }
  }

  /** The network's output for every sample of the part, `[count, outputs]`. */
  async outputsOf(part: Part, numbers: StepNumbers): Promise<Float32Array<ArrayBuffer>> {
    await this.#programs.arrival(part)
    return this.#inTurn(() => this.#collected(part, numbers))
  }

  /** Runs a task on a copy of the parameters of its own, when the tasks before have ended; hands it the step that they are of. */
  #inTurn<Result>(task: (step: number) => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => {
      this.#checkAlive()
      const encoder = this.#gpu.device.createCommandEncoder({ label: 'snapshot' })
      this.#programs.snapshot.take(encoder)
      this.#gpu.device.queue.submit([encoder.finish()])
      return task(this.#step())
    })
    this.#last = result.catch(() => {})
    return result
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#last
  }

  /** Ends what is under way before its buffers are gone. */
  destroy() {
    this.#destroyed = true
  }

  #checkAlive() {
    if (this.#destroyed) throw new Error('the trainer was destroyed while it evaluated')
  }

  async #collected(part: Part, numbers: StepNumbers, inPass?: InPass): Promise<Float32Array<ArrayBuffer>> {
    const rowBytes = this.outputs * 4
    const collected = this.#gpu.device.createBuffer({
      label: 'outputs',
      size: Math.max(4, this.#counts[part] * rowBytes),
      usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    })
    try {
      const output = this.#programs.evaluation.find(this.#programs.evaluationGraph.lowered.output)
      const after: After = (encoder, first, count) =>
        encoder.copyBufferToBuffer(output.buffer, output.offset, collected, first * rowBytes, count * rowBytes)
      await this.#batches(part, numbers, { inPass, after })
      this.#checkAlive()
      return new Float32Array(await readBuffer(this.#gpu.device, collected))
    } finally {
      collected.destroy()
    }
  }

  /** The output for `x`, `[count, features]` as the network sees it, already scaled. */
  predict(x: Float32Array, numbers: StepNumbers): Promise<Float32Array<ArrayBuffer>> {
    return this.#inTurn(() => this.#predict(x, numbers))
  }

  async #predict(x: Float32Array, numbers: StepNumbers): Promise<Float32Array<ArrayBuffer>> {
    const { evaluation, evaluationGraph, evaluationBatch } = this.#programs
    const features = columnsOf(evaluationGraph.lowered.input)
    if (x.length % features) throw wrongIn('predict', 'run.predict', { found: x.length, features })
    const count = x.length / features
    const input = evaluation.find(evaluationGraph.lowered.input)
    const output = evaluation.find(evaluationGraph.lowered.output)
    const result = new Float32Array(count * this.outputs)
    const { device } = this.#gpu
    for (let first = 0; first < count; first += evaluationBatch) {
      this.#checkAlive()
      const rows = Math.min(evaluationBatch, count - first)
      const part = new Float32Array(x.subarray(first * features, (first + rows) * features))
      device.queue.writeBuffer(input.buffer, input.offset, toMemory(part, evaluationGraph.lowered.input))
      const [offset] = this.#ring.write(1, (_, row) => numbers.evaluation(row, alone(0, rows), rows))
      const encoder = device.createCommandEncoder({ label: 'predict' })
      const pass = encoder.beginComputePass({ label: 'predict' })
      evaluation.program.encode(pass, this.#ring.group, offset)
      pass.end()
      device.queue.submit([encoder.finish()])
      const bytes = await readBuffer(device, output.buffer, output.offset, rows * this.outputs * 4)
      result.set(new Float32Array(bytes), first * this.outputs)
    }
    return result
  }

  async #batches(part: Part, numbers: StepNumbers, { inPass, after }: { inPass?: InPass | undefined; after?: After }) {
    const { evaluation, evaluationBatch, gather } = this.#programs
    const program = gather[part]
    const samples = this.#counts[part]
    if (!program) throw wrongIn('evaluate', part === 'test' ? 'run.noTestPart' : 'run.noTrainPart')
    const { queue } = this.#gpu.device
    for (let first = 0; first < samples;) {
      this.#checkAlive()
      const encoder = this.#gpu.device.createCommandEncoder({ label: `evaluate ${part}` })
      const begun = performance.now()
      const atMost = this.#perSubmit
      for (let i = 0; i < atMost && first < samples; i++) {
        const count = Math.min(evaluationBatch, samples - first)
        const [offset] = this.#ring.write(1, (_, row) => numbers.evaluation(row, alone(first, count), samples)) as [number]
        const pass = encoder.beginComputePass({ label: `evaluate ${part}` })
        program.encode(pass, this.#ring.group, offset)
        evaluation.program.encode(pass, this.#ring.group, offset)
        inPass?.(pass, offset)
        pass.end()
        after?.(encoder, first, count)
        first += count
      }
      queue.submit([encoder.finish()])
      await queue.onSubmittedWorkDone()
      const slow = performance.now() - begun > targetMilliseconds
      this.#perSubmit = slow ? Math.max(1, atMost >> 1) : Math.min(mostBatches, 2 * atMost)
    }
  }
}
