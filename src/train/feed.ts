import { spreadOver } from '../data/scaling.ts'
import type { Dataset, SampleBlocks, Samples } from '../data/types.ts'
import { wrongAt } from '../errors.ts'
import { message } from '../words/say.ts'
import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import type { BoundKernel } from '../gpu/program.ts'
import { toMemory } from '../graph/layout.ts'
import type { SmallData } from '../graph/small-network.ts'
import { whole } from './buffers.ts'
import { gatherSamples, type ImageAugmentation } from '../kernels/gather.ts'
import { inputTensor } from '../model/input-shape.ts'
import type { Tensor } from '../model/tensor.ts'
import type { ModelFile } from '../model/types.ts'

type SampleTensor = Pick<Tensor, 'shape' | 'layout'>
const asTheyAre: SampleTensor = { shape: [], layout: 'rows' }

interface Shard {
  first: number
  count: number
  buffer: GPUBuffer
}

export interface WholeFeed {
  samples: Slice
  targets: Slice
  /** Means, then 1 / deviation. */
  scaling?: Slice
  data: SmallData
}

/** Bytes of one shard at most; below every adapter's binding limit. */
const shardBytes = 96 * 2 ** 20

/** One part of the data on the GPU in its source type, in shards; batches are gathered and decoded from it. */
export class Feed {
  readonly count: number
  readonly bytes: number
  readonly features: number
  readonly #bytesPerValue: 1 | 4
  readonly #shards: Shard[]
  readonly #targets: GPUBuffer
  readonly #scaling: GPUBuffer | undefined
  readonly #scalingWidth: number
  readonly #outputs: number
  readonly #classes: boolean
  readonly #device: GPUDevice
  readonly #given: Samples
  readonly #sample: SampleTensor
  #held = 0
  #destroyed = false
  /** Reject those that wait for samples when the feed is destroyed. */
  readonly #waiting = new Set<(error: Error) => void>()

  /** `sample` is one as the graph takes it, by whose layout the samples are laid out; as they are unless given. */
  constructor(gpu: Gpu, dataset: Dataset, samples: Samples, part: 'train' | 'test', sample: SampleTensor = asTheyAre) {
    const { device } = gpu
    this.count = samples.count
    this.features = dataset.inputShape.reduce((product, n) => product * n, 1)
    this.#bytesPerValue = samples.x instanceof Uint8Array ? 1 : 4
    this.#outputs = dataset.outputs
    this.#classes = samples.y instanceof Int32Array
    if (samples.x.length !== samples.count * this.features)
      throw wrongAt(`data.${part}`, 'fit.values', {
        part: message(part === 'train' ? 'fit.training' : 'fit.test', { data: dataset.name }),
        found: samples.x.length,
        expected: samples.count * this.features,
        count: samples.count,
      })
    this.#device = device
    this.#given = samples
    this.#sample = sample
    if (samples.blocks) {
      const { BYTES_PER_ELEMENT } = samples.x
      this.#shards = shardsOf(samples.count, this.features * BYTES_PER_ELEMENT, (first, bytes) =>
        emptyBuffer(device, `${part} samples ${first}`, bytes),
      )
      void this.#follow(samples.blocks)
    } else {
      this.#shards = upload(device, toMemory(samples.x, sample), this.features, part)
      this.#held = samples.count
    }
    this.#targets = withData(device, `${part} targets`, samples.y)
    const { scaling } = dataset
    this.#scalingWidth = 0
    if (scaling) {
      const inMemory = (values: Float32Array<ArrayBuffer>) => {
        const spread = spreadOver(dataset.inputShape, values)
        return spread.length === this.features ? toMemory(spread, sample) : spread
      }
      const means = inMemory(scaling.mean)
      this.#scalingWidth = means.length
      const values = new Float32Array(2 * means.length)
      values.set(means)
      values.set(inMemory(scaling.deviation.map((deviation) => 1 / deviation)), means.length)
      this.#scaling = withData(device, 'scaling', values)
    }
    this.bytes = this.#shards.reduce((sum, shard) => sum + shard.buffer.size, 0) + this.#targets.size
  }

  /** Samples that are on the GPU, the first ones; what has arrived meanwhile is brought there. */
  get held(): number {
    const { blocks } = this.#given
    if (!blocks || this.#destroyed || this.#held === blocks.arrived) return this.#held
    const { arrived } = blocks
    for (const shard of this.#shards) this.#bring(shard, Math.max(shard.first, this.#held), Math.min(shard.first + shard.count, arrived))
    this.#held = arrived
    return arrived
  }

  /** Brings each block as it arrives: all at once, at the first step, they would take half a second. */
  async #follow(blocks: SampleBlocks) {
    try {
      for (let count = blocks.size; !this.#destroyed && this.held < this.count; count += blocks.size) await blocks.until(count)
    } catch {
      // Whoever needs them hears of it.
    }
  }

  /** Writes samples `from` … `to` of a shard, which must have arrived. */
  #bring({ first, buffer }: Shard, from: number, to: number) {
    if (from >= to) return
    const { x } = this.#given
    const bytesOfSample = this.features * x.BYTES_PER_ELEMENT
    // A write begins and ends at a whole word: it takes samples along that are there already, and ends in some that the next one brings.
    while (((from - first) * bytesOfSample) % 4) from--
    const { buffer: memory, byteOffset, byteLength } = toMemory(x.subarray(from * this.features, to * this.features), this.#sample)
    const words = new Uint8Array(Math.ceil(byteLength / 4) * 4)
    words.set(new Uint8Array(memory, byteOffset, byteLength))
    this.#device.queue.writeBuffer(buffer, (from - first) * bytesOfSample, words)
  }

  /** Resolves when so many samples are held; rejects when they will not come, or when the feed is destroyed. */
  async until(count: number): Promise<void> {
    if (this.held >= Math.min(count, this.count)) return
    await new Promise<void>((resolve, reject) => {
      this.#waiting.add(reject)
      this.#given
        .blocks!.until(count)
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject))
    })
    void this.held
  }

  /** The kernels that put a batch into `x` [batch, features], moved at random where asked, and `y` ([batch] classes or [batch, outputs]). */
  kernels(batch: number, x: Slice, y: Slice, augmentation?: ImageAugmentation): BoundKernel[] {
    const { features } = this
    const scaling = this.#scaling ? [whole(this.#scaling)] : []
    return this.#shards.map((shard, i): BoundKernel => {
      const targets = i === 0 ? (this.#classes ? 1 : this.#outputs) : 0 // of all shards
      const source = this.#bytesPerValue === 1 ? 'u8' : 'f32'
      const kernel = gatherSamples({
        features,
        batch,
        source,
        samples: this.count,
        shardFirst: shard.first,
        shardCount: shard.count,
        scalingWidth: this.#scalingWidth,
        targets,
        augmentation,
      })
      return { kernel, slices: [whole(shard.buffer), ...scaling, x, ...(targets ? [whole(this.#targets), y] : [])] }
    })
  }

  /** All samples where they lie in one buffer from the first step on, for a kernel that gathers by itself. */
  get whole(): WholeFeed | undefined {
    if (this.#given.blocks) return undefined
    const [shard, ...others] = this.#shards
    if (!shard || others.length) return undefined
    return {
      samples: whole(shard.buffer),
      targets: whole(this.#targets),
      ...(this.#scaling ? { scaling: whole(this.#scaling) } : {}),
      data: { source: this.#bytesPerValue === 1 ? 'u8' : 'f32', samples: this.count, scalingWidth: this.#scalingWidth },
    }
  }

  destroy() {
    this.#destroyed = true
    for (const reject of this.#waiting) reject(new Error('the trainer was destroyed while it waited for samples'))
    for (const { buffer } of this.#shards) buffer.destroy()
    this.#targets.destroy()
    this.#scaling?.destroy()
  }
}

/** How a model's training images are moved at random, if they are, as they lie in memory. */
export function augmentationOf(model: ModelFile): ImageAugmentation | undefined {
  const { shift = 0, flip = false } = model.augmentation ?? {}
  if (shift === 0 && !flip) return undefined
  const [channels, height, width] = model.input as [number, number, number]
  return { channels, height, width, channelsLast: inputTensor(model).layout === 'images', shift, flip }
}

function withData(
  device: GPUDevice,
  label: string,
  data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
): GPUBuffer {
  const size = Math.max(16, Math.ceil(data.byteLength / 4) * 4)
  const buffer = device.createBuffer({
    label,
    size,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    mappedAtCreation: true,
  })
  new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  buffer.unmap()
  return buffer
}

function emptyBuffer(device: GPUDevice, label: string, bytes: number): GPUBuffer {
  const size = Math.max(16, Math.ceil(bytes / 4) * 4)
  return device.createBuffer({ label, size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC })
}

function shardsOf(samples: number, bytesOfSample: number, bufferOf: (first: number, bytes: number, count: number) => GPUBuffer): Shard[] {
  const perShard = Math.max(1, Math.floor(shardBytes / bytesOfSample))
  const shards: Shard[] = []
  for (let first = 0; first < samples; first += perShard) {
    const count = Math.min(perShard, samples - first)
    shards.push({ first, count, buffer: bufferOf(first, count * bytesOfSample, count) })
  }
  return shards
}

const upload = (device: GPUDevice, x: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>, features: number, part: string): Shard[] =>
  shardsOf(x.length / features, features * x.BYTES_PER_ELEMENT, (first, _, count) =>
    withData(device, `${part} samples ${first}`, x.subarray(first * features, (first + count) * features)),
  )
