/** Chooses how a small network's workgroup is set up: what is right on this adapter and fastest there. */
import type { Slice } from '../gpu/kernel.ts'
import type { Program } from '../gpu/program.ts'
import { readBuffer } from '../gpu/readback.ts'
import { variantName, type SmallVariant } from '../kernels/smallNetwork.ts'
import { inTurn } from '../kernels/turn.ts'
import { scratch, whole } from './buffers.ts'
import type { ProgramRequest } from './programs.ts'
import { batchOfStep, resultFloats, StepNumbers } from './step-row.ts'

/** The buffers of one network, which a trial has for itself. */
export interface SmallBuffers {
  state: Slice
  gradients: Slice
  results: Slice
}

type TrialRequest = Pick<ProgramRequest, 'gpu' | 'ring' | 'state' | 'model' | 'train' | 'shuffle'>
type Build = (variant: SmallVariant, own: SmallBuffers) => Promise<Program>

/** Steps of one timed dispatch: enough for the lanes' work to outweigh the submit, few enough for any driver's watchdog. */
const steps = 32
const rounds = 5
/** Steps after which two variants are compared: lanes add up in another order, and in so few that is all in which right ones may differ. */
const comparedSteps = 4
const tolerance = 1e-4
/** The simplest: one lane does everything, and nothing has to meet. */
const plainVariant: SmallVariant = { lanes: 1, subgroups: false }

/** What a search knows beforehand. */
export interface SmallTuning {
  /** The network's name, under which what was found is kept as long as its device. */
  network?: string
  /** The variant that another run had, taken without being timed where it is right here. */
  given?: SmallVariant | undefined
}

/**
 * The fastest variant whose parameters after some steps are those of the plainest one, or undefined where none is, or that one cannot be built. A single
 * variant is not tried: the tests hold it to the reference on the adapters that have one. Waits for what else is tuned on the device.
 */
export function fastestVariant(
  request: TrialRequest,
  variants: readonly SmallVariant[],
  build: Build,
  { network, given }: SmallTuning = {},
): Promise<SmallVariant | undefined> {
  const { device } = request.gpu
  return inTurn(device, async () => {
    if (given && (await isUsable(request, variants, build, given))) return given
    if (variants.length < 2) return variants[0]
    const known = found.get(device) ?? new Map<string, SmallVariant>()
    found.set(device, known)
    const before = network === undefined ? undefined : known.get(network)
    if (before) return before
    const best = await search(request, variants, build)
    if (best && network !== undefined) known.set(network, best)
    return best
  })
}

/** Whether a given variant is right here: checked, but where it is the only one that is offered. */
async function isUsable(request: TrialRequest, variants: readonly SmallVariant[], build: Build, given: SmallVariant): Promise<boolean> {
  const isOnly = variants.length === 1 && variantName(variants[0]!) === variantName(given)
  return isOnly || (await search(request, [given], build, false)) !== undefined
}

/** What was found on a device, by network. */
const found = new WeakMap<GPUDevice, Map<string, SmallVariant>>()

async function search(
  request: TrialRequest,
  variants: readonly SmallVariant[],
  build: Build,
  timed = true,
): Promise<SmallVariant | undefined> {
  const trial = new Trial(request)
  const programs = await Promise.all([plainVariant, ...variants].map((variant) => build(variant, trial.buffers).catch(() => undefined)))
  try {
    const [plain, ...others] = programs
    const expected = plain && (await trial.parametersAfter(plain))
    if (!expected) return undefined
    let best: { variant: SmallVariant; milliseconds: number } | undefined
    for (const [i, program] of others.entries()) {
      if (!program || !agree(await trial.parametersAfter(program), expected)) continue
      const milliseconds = timed ? await trial.time(program) : 0
      if (!best || milliseconds < best.milliseconds) best = { variant: variants[i]!, milliseconds }
    }
    return best?.variant
  } finally {
    for (const program of programs) program?.destroy()
    trial.destroy()
  }
}

/** Where training leaves the numbers' range, both must. */
function agree(actual: Float32Array, expected: Float32Array): boolean {
  const scale = expected.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0)
  return actual.every((value, i) =>
    Number.isFinite(expected[i]!) ? Math.abs(value - expected[i]!) <= tolerance * scale : !Number.isFinite(value),
  )
}

class Trial {
  readonly buffers: SmallBuffers
  readonly #request: TrialRequest
  readonly #first: Float32Array<ArrayBuffer>
  readonly #owned: GPUBuffer[]

  constructor(request: TrialRequest) {
    this.#request = request
    const { gpu, state } = request
    const [arena, gradients, results] = [
      scratch(gpu, 'trial state', state.arena.size),
      scratch(gpu, 'trial gradients', state.gradients.size),
      scratch(gpu, 'trial results', steps * resultFloats * 4),
    ]
    this.#owned = [arena, gradients, results]
    this.buffers = { state: whole(arena), gradients: whole(gradients), results: whole(results) }
    // Parameters without symmetry; what else is in the arena begins at 0 as in a run.
    this.#first = new Float32Array(state.arena.size / 4)
    for (let i = 0; i < state.parameterFloats; i++) this.#first[i] = 0.5 * Math.sin(12.9898 * (i + 1))
  }

  async parametersAfter(program: Program): Promise<Float32Array> {
    const { gpu } = this.#request
    gpu.device.queue.writeBuffer(this.#owned[0]!, 0, this.#first)
    this.#submit(program, comparedSteps)
    return new Float32Array(await readBuffer(gpu.device, this.#owned[0]!))
  }

  /** Median milliseconds of a dispatch. */
  async time(program: Program): Promise<number> {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const begun = performance.now()
      this.#submit(program, steps)
      await this.#request.gpu.device.queue.onSubmittedWorkDone()
      times.push(performance.now() - begun)
    }
    return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!
  }

  #submit(program: Program, steps: number) {
    const { gpu, ring, model, train, shuffle } = this.#request
    const settings = { optimizer: model.optimizer, schedule: null, warmup: 0, clipNorm: model.clipNorm ?? null, perturbation: 0 }
    const numbers = new StepNumbers(settings, model.seed)
    const rows = ring.write(steps, (i, row, place) => {
      numbers.training(row, i + 1, batchOfStep(i + 1, train.count, model.batchSize), train.count, shuffle, i)
      numbers.dispatch(row, place, steps, false)
    })
    const encoder = gpu.device.createCommandEncoder({ label: 'trial' })
    const pass = encoder.beginComputePass({ label: 'trial' })
    program.encode(pass, ring.group, rows[0])
    pass.end()
    gpu.device.queue.submit([encoder.finish()])
  }

  destroy() {
    for (const buffer of this.#owned) buffer.destroy()
  }
}
