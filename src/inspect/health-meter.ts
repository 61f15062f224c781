/** Measures the health of every layer on the GPU, beside the step that is measured. */
import type { Observation } from '../graph/observation.ts'
import type { Network } from '../model/types.ts'
import { healthPlan, type HealthPlan, type OutputSite } from './health-sites.ts'
import { createStage, storageBuffer, type Stage } from './stage.ts'
import { Staging } from './staging.ts'

/** A thread takes at least so many numbers of a neuron, or of a parameter. */
const numbersPerLane = 64
/** More threads of a tensor would make the fold of what they found the longer part. */
const mostLanesOfNeuron = 64
const mostLanesOfParameter = 256
/** Neurons that are folded together. */
export const neuronsPerPart = 32
/** Words of a `Moments`, a `Part` and a `ParameterSums` of the shaders. */
const momentsWords = 12
export const partWords = 16
export const sumsWords = 16
/** Loss, right samples, a norm or nothing, samples. */
const resultBytes = 16

/** What a measurement leaves for the host, in words: parts of each site, sums of each parameter, then the step's result. */
export interface MeterLayout {
  /** Of each site, its first part. */
  parts: readonly number[]
  partCount: number
}

/** Where measurements wait to be read: one is encoded while others are on their way. */
export interface Slot {
  readonly staging: Staging
  readonly control: number
}

export class HealthMeter {
  readonly plan: HealthPlan
  readonly layout: MeterLayout
  /** Work of a measurement: numbers that it reads, and dispatches. */
  readonly cost: { numbers: number; dispatches: number }
  readonly slots: readonly Slot[]
  readonly #stages: Stage[] = []
  readonly #owned: { destroy(): void }[] = []
  readonly #device: GPUDevice
  readonly #batch: GPUBuffer
  readonly #controls: GPUBuffer
  readonly #watched: GPUBuffer
  readonly #parts: GPUBuffer
  readonly #sums: GPUBuffer
  readonly #arena: { buffer: GPUBuffer; offset: number; size: number; copy: GPUBuffer } | undefined

  /** Everything but the pipelines is made here, once. `slots`: measurements that may wait to be read. */
  constructor(device: GPUDevice, observation: Observation, network: Network, slots: number) {
    this.#device = device
    this.plan = healthPlan(observation, network)
    const { sites, parameters } = this.plan
    const own = <Thing extends { destroy(): void }>(thing: Thing): Thing => {
      this.#owned.push(thing)
      return thing
    }
    this.#batch = own(storageBuffer(device, 'health batch', 8))
    this.#controls = own(storageBuffer(device, 'health batches', 8 * slots))
    const table = siteTable(sites, observation.batch)
    this.layout = { parts: table.parts, partCount: table.partCount }
    this.#watched = own(storageBuffer(device, 'health of neurons', 16 * Math.max(1, table.neurons)))
    this.#parts = own(storageBuffer(device, 'health parts', 4 * partWords * table.partCount))
    this.#sums = own(storageBuffer(device, 'health of parameters', 4 * sumsWords * parameters.length))
    const lanes = own(storageBuffer(device, 'health lanes', 4 * momentsWords * table.lanes))
    for (const [source, here] of byBuffer(table.rows, ({ tensor }) => tensor.buffer)) {
      const words = own(storageBuffer(device, 'health sites', Uint32Array.from(here.flatMap((row) => row.words))))
      this.#stages.push(
        createStage(device, {
          shader: 'health-output-lanes',
          access: ['read', 'read', 'read', 'write'],
          buffers: [words, this.#batch, source, lanes],
          workgroups: [Math.ceil(Math.max(...here.map((row) => row.lanes)) / 64), here.length, 1],
        }),
      )
    }
    const all = own(storageBuffer(device, 'health sites', Uint32Array.from(table.rows.flatMap((row) => row.words))))
    const most = Math.max(...sites.map(({ neurons }) => neurons))
    this.#stages.push(
      createStage(device, {
        shader: 'health-neurons',
        access: ['read', 'read', 'write', 'write'],
        buffers: [all, this.#batch, lanes, this.#watched],
        workgroups: [Math.ceil(most / 64), sites.length, 1],
      }),
      createStage(device, {
        shader: 'health-parts',
        access: ['read', 'read', 'read', 'read', 'write'],
        buffers: [all, this.#batch, lanes, this.#watched, this.#parts],
        workgroups: [Math.ceil(most / neuronsPerPart / 64), sites.length, 1],
      }),
    )
    let elements = 0
    if (parameters.length > 0) {
      const [{ weight, gradient }] = parameters as [(typeof parameters)[0]]
      const offset = Math.min(...parameters.map((one) => one.weight.offset))
      const size = Math.max(...parameters.map((one) => one.weight.offset + one.weight.size)) - offset
      const copy = own(storageBuffer(device, 'parameters before the step', size))
      this.#arena = { buffer: weight.buffer, offset, size, copy }
      const places = parameterTable(this.plan.parameters, offset)
      elements = places.elements
      const rows = own(storageBuffer(device, 'health parameters', places.words))
      const parts = own(storageBuffer(device, 'health parameter lanes', 4 * sumsWords * places.lanes))
      this.#stages.push(
        createStage(device, {
          shader: 'health-parameter-lanes',
          access: ['read', 'read', 'read', 'read', 'write'],
          buffers: [rows, weight.buffer, gradient.buffer, copy, parts],
          workgroups: [Math.ceil(places.most / 64), parameters.length, 1],
        }),
        createStage(device, {
          shader: 'health-parameters',
          access: ['read', 'read', 'write'],
          buffers: [rows, parts, this.#sums],
          workgroups: [parameters.length, 1, 1],
        }),
      )
    }
    const size = this.#parts.size + this.#sums.size + resultBytes
    this.slots = Array.from({ length: slots }, (_, i) => ({
      staging: own(new Staging(device, size, 'readings of health', 'the watch')),
      control: 8 * i,
    }))
    const outputs = sites.reduce((sum, { perSample }) => sum + perSample, 0) * observation.batch
    this.cost = { numbers: outputs + 3 * elements, dispatches: this.#stages.length }
  }

  async compile(): Promise<void> {
    await Promise.all(this.#stages.map((stage) => stage.compile()))
  }

  /** Before the step: keeps the parameters as they are. */
  before(encoder: GPUCommandEncoder) {
    if (!this.#arena) return
    const { buffer, offset, size, copy } = this.#arena
    encoder.copyBufferToBuffer(buffer, offset, copy, 0, size)
  }

  /**
   * After the step, of a batch of so many samples: `needed` of them in a row make a silent neuron a dead one. The slot must be free; it may be read once
   * the encoder is submitted.
   */
  after(encoder: GPUCommandEncoder, slot: Slot, samples: number, needed: number, result: { buffer: GPUBuffer; offset: number }) {
    this.#device.queue.writeBuffer(this.#controls, slot.control, Uint32Array.of(samples, needed))
    encoder.copyBufferToBuffer(this.#controls, slot.control, this.#batch, 0, 8)
    const pass = encoder.beginComputePass({ label: 'health' })
    for (const stage of this.#stages) stage.encode(pass)
    pass.end()
    const [parts, sums] = [this.#parts.size, this.#sums.size]
    slot.staging.copy(encoder, [
      { source: this.#parts, offset: 0, target: 0, size: parts },
      { source: this.#sums, offset: 0, target: parts, size: sums },
      { source: result.buffer, offset: result.offset, target: parts + sums, size: resultBytes },
    ])
  }

  /** Forgets how long neurons were silent, before the work that is submitted next. */
  forget() {
    const encoder = this.#device.createCommandEncoder({ label: 'health begins anew' })
    encoder.clearBuffer(this.#watched)
    this.#device.queue.submit([encoder.finish()])
  }

  destroy() {
    for (const thing of this.#owned) thing.destroy()
  }
}

interface Row {
  tensor: OutputSite['tensor']
  words: number[]
  lanes: number
}

function siteTable(sites: readonly OutputSite[], samples: number) {
  let [lanes, neurons, partCount] = [0, 0, 0]
  const parts: number[] = []
  const rows = sites.map(({ tensor, perSample, neurons: own, isWatched, flat }): Row => {
    const ofNeuron = Math.max(1, Math.min(mostLanesOfNeuron, Math.ceil((samples * perSample) / own / numbersPerLane)))
    const [inactiveLow, inactiveHigh] = flat.inactive ? flat.inactive.map(orderOf) : [0x7fffffff, -0x7fffffff]
    const [responsiveLow, responsiveHigh] = flat.responsive ? flat.responsive.map(orderOf) : [-0x7fffffff, 0x7fffffff]
    const ends = [inactiveLow!, inactiveHigh!, responsiveLow!, responsiveHigh!].map((order) => order >>> 0)
    const words = [tensor.offset / 4, perSample, own, ofNeuron * own, lanes, neurons, partCount, Number(isWatched), ...ends]
    parts.push(partCount)
    lanes += ofNeuron * own
    if (isWatched) neurons += own
    partCount += Math.ceil(own / neuronsPerPart)
    return { tensor, words, lanes: ofNeuron * own }
  })
  return { rows, lanes, neurons, parts, partCount }
}

function parameterTable(parameters: HealthPlan['parameters'], offset: number) {
  let [lanes, most, elements] = [0, 0, 0]
  const words = parameters.flatMap(({ weight, gradient }) => {
    const count = weight.size / 4
    const own = Math.max(1, Math.min(mostLanesOfParameter, Math.ceil(count / numbersPerLane)))
    const row = [weight.offset / 4, gradient.offset / 4, (weight.offset - offset) / 4, count, lanes, own]
    lanes += own
    most = Math.max(most, own)
    elements += count
    return row
  })
  return { words: Uint32Array.from(words), lanes, most, elements }
}

function byBuffer<Item>(items: readonly Item[], bufferOf: (item: Item) => GPUBuffer): Map<GPUBuffer, Item[]> {
  const groups = new Map<GPUBuffer, Item[]>()
  for (const item of items) groups.set(bufferOf(item), [...(groups.get(bufferOf(item)) ?? []), item])
  return groups
}

/** As `orderOf` of bits.wgsl has a float of single precision. */
function orderOf(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!
  const magnitude = bits & 0x7fffffff
  return bits > 0x7fffffff ? -magnitude : magnitude
}
