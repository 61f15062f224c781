import { InputError } from '../errors.ts'
import type { Gpu } from '../gpu/device.ts'
import { readBuffer } from '../gpu/readback.ts'
import type { StepRing } from '../gpu/step-ring.ts'
import { toMemory } from '../graph/layout.ts'
import { columnsOf } from '../graph/graph.ts'
import type { LossName } from '../model/types.ts'
import type { Programs } from './programs.ts'
import type { StepNumbers } from './step-row.ts'
import type { Evaluation } from './types.ts'

type Part = 'train' | 'test'
type InPass = (pass: GPUComputePassEncoder, offset: number) => void
type After = (encoder: GPUCommandEncoder, first: number, count: number) => void

/** Batches of an evaluation that go into one submit, so that the page keeps its frames. */
const batchesPerSubmit = 8

/** Runs the network in evaluation mode over a part of the data, or over samples that somebody gives. */
export class Evaluator {
  readonly #gpu: Gpu
  readonly #programs: Programs
  readonly #ring: StepRing
  readonly #counts: Record<Part, number>
  readonly #loss: LossName
  readonly outputs: number
  /** The evaluations share buffers: each waits for the one before. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(gpu: Gpu, programs: Programs, ring: StepRing, counts: Record<Part, number>, loss: LossName) {
    this.#gpu = gpu
    this.#programs = programs
    this.#ring = ring
    this.#counts = counts
    this.#loss = loss
    this.outputs = columnsOf(programs.evaluationGraph.lowered.output)
  }

  /** Mean loss and accuracy over every sample of the part, each counted once; with the outputs that they come from, if asked for. */
  evaluate(part: Part, numbers: StepNumbers, withOutputs = false): Promise<Evaluation> {
    return this.#inTurn(() => this.#evaluate(part, numbers, withOutputs))
  }

  async #evaluate(part: Part, numbers: StepNumbers, withOutputs: boolean): Promise<Evaluation> {
    const { accumulator } = this.#programs
    this.#gpu.device.queue.writeBuffer(accumulator, 0, new Float32Array(4))
    const accumulate: InPass = (pass, offset) => this.#programs.accumulate.encode(pass, this.#ring.group, offset)
    const outputs = withOutputs
      ? await this.#collected(part, numbers, accumulate)
      : await this.#batches(part, numbers, { inPass: accumulate }).then(() => undefined)
    const bytes = await readBuffer(this.#gpu.device, accumulator)
    const [sum, rest] = new Float32Array(bytes, 0, 2) as unknown as [number, number]
    const [correct, count] = new Uint32Array(bytes, 8, 2) as unknown as [number, number]
    const classes = this.#loss === 'crossEntropy' || this.#loss === 'binaryCrossEntropy'
    return {
      loss: (sum + rest) / count,
      accuracy: classes ? correct / count : null,
      correct: classes ? correct : null,
      count,
      ...(outputs && { outputs }),
    }
  }

  /** The network's output for every sample of the part, `[count, outputs]`. */
  outputsOf(part: Part, numbers: StepNumbers): Promise<Float32Array<ArrayBuffer>> {
    return this.#inTurn(() => this.#collected(part, numbers))
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => {})
    return result
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
    if (x.length % features)
      throw new InputError(`predict: ${x.length} numbers given, which is no multiple of the network's ${features} inputs`)
    const count = x.length / features
    const input = evaluation.find(evaluationGraph.lowered.input)
    const output = evaluation.find(evaluationGraph.lowered.output)
    const result = new Float32Array(count * this.outputs)
    const { device } = this.#gpu
    for (let first = 0; first < count; first += evaluationBatch) {
      const rows = Math.min(evaluationBatch, count - first)
      const part = new Float32Array(x.subarray(first * features, (first + rows) * features))
      device.queue.writeBuffer(input.buffer, input.offset, toMemory(part, evaluationGraph.lowered.input.shape))
      const [offset] = this.#ring.write(1, (_, row) => numbers.evaluation(row, { epoch: 0, start: 0, count: rows }, rows))
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
    if (!program) throw new InputError(`evaluate: the data has no ${part} part`)
    const { queue } = this.#gpu.device
    for (let first = 0; first < samples;) {
      const encoder = this.#gpu.device.createCommandEncoder({ label: `evaluate ${part}` })
      for (let i = 0; i < batchesPerSubmit && first < samples; i++) {
        const count = Math.min(evaluationBatch, samples - first)
        const [offset] = this.#ring.write(1, (_, row) => numbers.evaluation(row, { epoch: 0, start: first, count }, samples)) as [number]
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
    }
  }
}
