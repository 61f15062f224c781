import { InputError, within } from '../errors.ts'
import { object } from '../model/schema.ts'
import { en } from '../words/en/index.ts'
import { message, say } from '../words/say.ts'
import { parseJson } from '../json.ts'
import { readSafetensors } from '../model/safetensors.ts'
import { parseModel } from '../model/validate.ts'
import { createEngine, type Engine } from '../train/engine.ts'
import type { Dataset } from '../data/types.ts'
import type { ModelFile } from '../model/types.ts'
import { diverges, worstError, type Tensors } from './compare.ts'
import { kinds, readGolden, type Golden, type Kind } from './golden.ts'
import type { TensorHandle } from '../train/types.ts'
import type { Host } from './host.ts'

/** The case is repeated at each; what a submit holds must not change what it computes. */
const submits = [1, 64]

/** Of a run that leaves float32's range: its losses up to there must be right, and what was before its first step. */
const whereDiverging: Partial<Record<Kind, 'entries' | 'whole'>> = { loss: 'entries', final: 'whole', evaluation: 'whole' }

export type CaseResult = { name: string; passed: boolean; errors: Record<Kind, number> } | { name: string; passed: false; reason: string }

/** Recorded samples as the engine's ordinary data, in the recorded order. */
function datasetOf(name: string, golden: Golden): Dataset {
  const classes = golden.y.data instanceof Int32Array
  const outputs = golden.output.shape.slice(1).reduce((product, size) => product * size, 1)
  return {
    name,
    inputShape: golden.input,
    outputs,
    train: {
      count: golden.samples,
      x: Float32Array.from(golden.x.data),
      y: classes ? Int32Array.from(golden.y.data) : Float32Array.from(golden.y.data),
    },
  }
}

/** Trains as recorded: the first step alone, so that its tensors can be read, then all steps from the start. */
async function repeat(
  engine: Engine,
  model: ModelFile,
  data: Dataset,
  golden: Golden,
  stepsPerSubmit: number,
): Promise<Record<Kind, Tensors>> {
  const { input: _input, layers: _layers, format: _format, ...training } = model
  const trainer = await engine.trainer(model, data, { ...training, shuffle: false, parameters: golden.initial })
  const train = async (steps: number) => {
    for await (const _ of trainer.run({ steps, stepsPerSubmit }));
    await trainer.settled()
  }
  const read = async (paths: Iterable<string>, handle: (path: string) => TensorHandle) => {
    const tensors: Tensors = new Map()
    for (const path of paths) tensors.set(path, await handle(path).read())
    return tensors
  }
  try {
    await train(1)
    const output = await read(['output'], (path) => trainer.activation(path))
    const grad = await read(golden.expected.grad.keys(), (path) => trainer.gradient(path))
    await trainer.reset()
    await train(golden.steps)
    const firstBatch = (data.train.x as Float32Array).subarray(0, (data.train.x.length / golden.samples) * golden.batchSize)
    return {
      output,
      grad,
      loss: new Map([['loss', trainer.history.loss.map((loss) => loss ?? NaN)]]),
      final: await read(golden.expected.final.keys(), (path) => trainer.parameter(path)),
      evaluation: new Map([['evaluation', await trainer.predict(firstBatch)]]),
    }
  } finally {
    trainer.destroy()
  }
}

/**
 * Repeats one recorded run (test/goldens/README.md) with the engine's ordinary trainer, at one and at many steps a submit.
 * `errors` are the worse of the two, each the worst error of its kind over the case's tolerance. Never throws on a case's account.
 */
export async function verifyCase(engine: Engine, name: string, jsonText: string, safetensors: Uint8Array): Promise<CaseResult> {
  try {
    const json = objectOf(name, jsonText)
    const model = parseModel(json, name)
    const golden = readGolden(name, json, readSafetensors(safetensors, `${name}.safetensors`).tensors)
    const data = datasetOf(name, golden)
    const diverging = diverges(Object.values(golden.expected))
    const errors = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>
    for (const stepsPerSubmit of submits) {
      const got = await repeat(engine, model, data, golden, stepsPerSubmit)
      for (const kind of kinds) {
        const error = worstError(got[kind], golden.expected[kind], diverging ? whereDiverging[kind] : undefined)
        errors[kind] = Math.max(errors[kind], error / golden.tolerance[kind])
      }
    }
    return { name, passed: kinds.every((kind) => errors[kind] <= 1), errors }
  } catch (error) {
    return { name, passed: false, reason: reasonOf(error, name) }
  }
}

/** What is wrong with the case's model needs no name beside the case's own. */
function reasonOf(error: unknown, name: string): string {
  if (error instanceof InputError && error.source === name) return say(en, error.told)
  return error instanceof Error ? error.message : String(error)
}

function objectOf(name: string, text: string): Record<string, unknown> {
  const json = parseJson(`${name}.json`, text, message('json.golden'))
  return within(`${name}.json`, () => {
    object(json, { path: '', name: message('command.golden') })
    return json
  })
}

/** `ok NAME output=0.03 …`, or `FAIL NAME` with the same or the reason. */
export function caseLine(result: CaseResult): string {
  const told = 'errors' in result ? kinds.map((kind) => `${kind}=${shown(result.errors[kind])}`).join(' ') : result.reason
  return `${result.passed ? 'ok' : 'FAIL'} ${result.name} ${told.replaceAll(/\s+/g, ' ')}`
}

/** Two decimals, rounded up, so that 1.00 never stands for a failure. */
const shown = (error: number) => (Number.isFinite(error) ? (Math.ceil(error * 100) / 100).toFixed(2) : 'inf')

export interface VerifyJob {
  /** `NAME.json` and `NAME.safetensors` are sources of the host. */
  names: string[]
}

/** Verifies the cases in order, reporting each. */
export async function runVerify(job: VerifyJob, host: Host): Promise<{ passed: number; failed: number }> {
  const engine = await createEngine({ ...(host.gpu && { gpu: host.gpu }), ...(host.tuning && { tuning: host.tuning }) })
  let current = ''
  const lost = engine.lost.then((reason): never => {
    throw new Error(`the GPU was lost in case ${current}: ${reason}`)
  })
  lost.catch(() => {}) // destroying the device resolves it too
  const problems: string[] = []
  const stop = engine.onError((problem) => problems.push(problem.message))
  let passed = 0
  try {
    for (const name of job.names) {
      const json = new TextDecoder().decode(await host.source(`${name}.json`))
      current = name
      let result = await Promise.race([verifyCase(engine, name, json, await host.source(`${name}.safetensors`)), lost])
      if (problems.length) result = { name, passed: false, reason: problems.splice(0).join('; ') }
      if (result.passed) passed++
      await host.report({ kind: 'case', line: caseLine(result), passed: result.passed })
    }
    return { passed, failed: job.names.length - passed }
  } finally {
    stop()
    engine.destroy()
  }
}
