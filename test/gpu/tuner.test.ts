import { afterAll, beforeAll, expect, test } from 'vitest'
import { convProblem } from '../../src/kernels/convProblem.ts'
import { matmul } from '../../src/kernels/matmul.ts'
import { matmulProblem } from '../../src/kernels/matmulProblem.ts'
import { plainTile, variantName, type MatmulVariant } from '../../src/kernels/matmulVariants.ts'
import type { Problem } from '../../src/kernels/problem.ts'
import { columnSumProblem } from '../../src/kernels/columnSum.ts'
import { lanesOf } from '../../src/kernels/adapter.ts'
import { Tuner, type TuningRecord } from '../../src/kernels/tuner.ts'
import { openBench, randomNumbers, runKernel, unwritten, type Bench } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

const shape = { m: 96, n: 64, k: 128, transposeB: true }
const epilogue = { bias: true, activation: 'tanh', keep: true }
const { name } = matmulProblem(shape, epilogue)
/** The product with these variants for candidates. */
const offering = (
  list: MatmulVariant[],
  problem = matmulProblem(shape, epilogue),
  of = shape as Parameters<typeof matmul>[0],
  end = epilogue as Parameters<typeof matmul>[1],
): Problem => ({
  ...problem,
  candidates: () => list.map((variant) => ({ name: variantName(variant), kernel: matmul(of, end, variant) })),
})
const slow: MatmulVariant = { kind: 'registers', rows: 1, columns: 1, depth: 1, threads: [1, 1] }

/** Rows handed on by lanes that are not there: wrong on an adapter whose subgroups are smaller. */
const wrong = (): MatmulVariant => {
  const { subgroupMaxSize = 4 } = bench.gpu.device.adapterInfo as { subgroupMaxSize?: number }
  const size = 2 * subgroupMaxSize
  return { kind: 'registers', rows: size, columns: 4, depth: 4, threads: [size, 1], share: size }
}

function memory() {
  const kept: { findings: Record<string, TuningRecord>; key: string } = { findings: {}, key: '' }
  return {
    kept,
    read: async () => structuredClone(kept.findings),
    write: async (key: string, findings: Record<string, TuningRecord>) => {
      Object.assign(kept, { key, findings: structuredClone(findings) })
    },
  }
}

test('of a slow, a wrong and a good variant the good one is chosen, and the wrong one reported', async () => {
  const list = [slow, wrong(), plainTile]
  const tuner = new Tuner(bench.gpu, bench.pipelines)
  const chosen = await tuner.tune([offering(list)], { budget: Infinity })
  expect(chosen.get(name)!.name).toBe(variantName(plainTile))
  const finding = (await tuner.findings())[name]!
  expect(Object.keys(finding.refused)).toEqual([variantName(wrong())])
  expect(finding.refused[variantName(wrong())]).toMatch(/C\[\d+, \d+\] is .*, expected|subgroup/)
  expect(finding.milliseconds[variantName(slow)]).toBeGreaterThan(finding.milliseconds[variantName(plainTile)]!)
  expect(finding.tied).toBe(false)
})

test('a search of all that is stopped takes the best so far, and begins with what was best before', async () => {
  const list = [slow, { ...plainTile, rows: 2 }, plainTile]
  const store = memory()
  await new Tuner(bench.gpu, bench.pipelines, store).tune([offering(list)], { budget: Infinity })
  const best = store.kept.findings[name]!.variant
  const stop = new AbortController()
  const chosen = await new Tuner(bench.gpu, bench.pipelines, store).tune([offering(list)], {
    all: true,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  })
  expect(chosen.get(name)!.name).toBe(best)
  expect(Object.keys(store.kept.findings[name]!.milliseconds)).toEqual([best])
})

test('a wrong variant is not used even when nothing else is offered', async () => {
  const chosen = await new Tuner(bench.gpu, bench.pipelines).tune([offering([wrong()])])
  expect(chosen.get(name)!.name).toBe(variantName(plainTile))
})

test('a finding is kept, checked again and not searched again; cleared, it is forgotten', async () => {
  const store = memory()
  await new Tuner(bench.gpu, bench.pipelines, store).tune([offering([slow, plainTile])], { budget: Infinity })
  expect(store.kept.findings[name]?.variant).toBe(variantName(plainTile))
  expect(store.kept.key).toContain(bench.gpu.adapter.description)
  const offered: string[] = []
  const again = new Tuner(bench.gpu, bench.pipelines, store)
  const progress: number[] = []
  await again.tune([offering([slow, plainTile])], { onProgress: (done) => progress.push(done) })
  offered.push(...Object.keys(store.kept.findings[name]!.milliseconds))
  expect(offered.sort()).toEqual([variantName(plainTile), variantName(slow)].sort())
  expect(progress.at(-1)).toBe(1)
  await again.clear()
  expect(store.kept.findings).toEqual({})
})

test('without time left every product still gets a variant that is right', async () => {
  const small = { m: 10, n: 10, k: 30, transposeA: true }
  const other = offering([plainTile, slow], matmulProblem(small), small, {})
  const chosen = await new Tuner(bench.gpu, bench.pipelines).tune([offering([plainTile, slow]), other], { budget: 0 })
  expect([...chosen.values()].map((candidate) => candidate.name)).toEqual([variantName(plainTile), variantName(plainTile)])
})

test('a crowd of convolutions shares pipelines: past the budget what was right with other sizes is not tried again', async () => {
  const shape = { batch: 2, height: 16, width: 16, filters: 16, kernel: 3, stride: 1, padding: 1, dilation: 1, groups: 1 }
  let samples = 0
  const problems = Array.from({ length: 70 }, (_, i) => {
    const problem = convProblem({ ...shape, channels: 8 * (i + 2) }, 'forward')
    return { ...problem, sample: () => (samples++, problem.sample()) }
  })
  const tuner = new Tuner(bench.gpu, bench.pipelines)
  const chosen = await tuner.tune(problems, { budget: 0 })
  expect(new Set([...chosen.values()].map(({ name }) => name)).size).toBe(1)
  expect([...chosen.values()][0]!.name).toMatch(/ any size$/)
  expect(new Set(await Promise.all([...chosen.values()].map(({ kernel }) => bench.pipelines.compile(kernel)))).size).toBe(1)
  expect(samples).toBe(1)
  const few = await new Tuner(bench.gpu, bench.pipelines).tune(problems.slice(0, 2), { budget: 0 })
  expect([...few.values()].map(({ name }) => name).join()).not.toMatch(/any size/)
  expect(samples).toBe(3)
})

test('sums of columns are tuned too: each candidate is right, a wrong one is refused, and all give the same bits', async () => {
  for (const [rows, columns] of [
    [128, 256],
    [600, 64],
  ] as const) {
    const problem = columnSumProblem(rows, columns)
    const candidates = problem.candidates({ software: true, lanes: lanesOf(bench.gpu), crowded: false })
    expect(candidates.length).toBe(4)
    const { kernel } = columnSumProblem(rows - 1, columns).plain
    const short = { name: 'a row short', kernel }
    const tuner = new Tuner(bench.gpu, bench.pipelines)
    const chosen = await tuner.tune([{ ...problem, candidates: () => [short, ...candidates] }], { budget: Infinity })
    const finding = (await tuner.findings())[problem.name]!
    expect(Object.keys(finding.milliseconds)).toEqual(candidates.map((candidate) => candidate.name))
    expect(finding.refused['a row short']).toMatch(/sum \d+ is .*, expected/)
    expect(candidates).toContainEqual(chosen.get(problem.name))
    const x = randomNumbers(rows * columns)
    const compute = async (one: (typeof candidates)[number]) => (await runKernel(bench, one.kernel, [x, unwritten(columns)]))[0]!
    const expected = await compute(problem.plain)
    for (const one of candidates) expect(await compute(one), one.name).toEqual(expected)
  }
})

test('what is known is checked again, and what time did not allow before is tried then', async () => {
  const store = memory()
  const list = [slow, plainTile]
  await new Tuner(bench.gpu, bench.pipelines, store).tune([offering(list)], { budget: 0 })
  expect(store.kept.findings[name]).toMatchObject({ variant: variantName(slow), refused: {} })
  expect(Object.keys(store.kept.findings[name]!.milliseconds)).toEqual([variantName(slow)])
  const chosen = await new Tuner(bench.gpu, bench.pipelines, store).tune([offering(list)], { budget: Infinity })
  expect(chosen.get(name)!.name).toBe(variantName(plainTile))
  expect(Object.keys(store.kept.findings[name]!.milliseconds)).toEqual(list.map(variantName))
})

test('a remembered variant that is wrong here now is used no more', async () => {
  const store = memory()
  const known = (variant: MatmulVariant): TuningRecord => ({
    product: name,
    flops: 1,
    variant: variantName(variant),
    milliseconds: { [variantName(variant)]: 1e-9, [variantName(plainTile)]: 1e-6 },
    tied: false,
    refused: {},
  })
  store.kept.findings[name] = known(wrong())
  const chosen = await new Tuner(bench.gpu, bench.pipelines, store).tune([offering([wrong(), plainTile])], { budget: Infinity })
  expect(chosen.get(name)!.name).toBe(variantName(plainTile))
  expect(Object.keys(store.kept.findings[name]!.refused)).toEqual([variantName(wrong())])
})

test('a short run is given the first variant that is right', async () => {
  const tuner = new Tuner(bench.gpu, bench.pipelines)
  const chosen = await tuner.tune([offering([slow, plainTile])], { budget: Infinity, steps: 1 })
  expect(chosen.get(name)!.name).toBe(variantName(slow))
})

const chosenName = async (tuner: Tuner, problem: Problem, given: Record<string, string>) =>
  (await tuner.tune([problem], { budget: Infinity, given })).get(problem.name)!.name

test('a given variant is taken where it is right, neither timed nor remembered; else the problem is tuned as ever', async () => {
  const store = memory()
  const tuner = new Tuner(bench.gpu, bench.pipelines, store)
  expect(await chosenName(tuner, offering([plainTile, slow]), { [name]: variantName(slow) })).toBe(variantName(slow))
  // the plain one need not be offered
  expect(await chosenName(tuner, offering([slow]), { [name]: variantName(plainTile) })).toBe(variantName(plainTile))
  expect(await tuner.findings()).toEqual({})
  expect(store.kept.findings).toEqual({})
  // one that is wrong here, one that nobody knows, and one of another problem
  expect(await chosenName(tuner, offering([wrong(), slow, plainTile]), { [name]: variantName(wrong()) })).toBe(variantName(plainTile))
  expect((await tuner.findings())[name]).toMatchObject({
    variant: variantName(plainTile),
    refused: { [variantName(wrong())]: expect.any(String) },
  })
  for (const given of [{ [name]: 'no such variant' }, { 'another problem': variantName(slow) }])
    expect(await chosenName(tuner, offering([slow, plainTile]), given)).toBe(variantName(plainTile))
})

test('tunings of one device run one after the other, and none loses what another found', async () => {
  const shapes = [
    { m: 96, n: 64, k: 128 },
    { m: 64, n: 96, k: 128 },
    { m: 128, n: 64, k: 96 },
  ]
  const store = memory()
  const events: number[] = []
  const problems = shapes.map((of, i) => {
    const problem = offering([slow, plainTile, { ...plainTile, rows: 2 }], matmulProblem(of), of, {})
    const sample = () => {
      const made = problem.sample()
      return { ...made, check: (result: Float32Array) => (events.push(i), made.check(result)) }
    }
    return { ...problem, sample }
  })
  // Two engines of one device, and two calls of one of them.
  const [tuner, other] = [new Tuner(bench.gpu, bench.pipelines, store), new Tuner(bench.gpu, bench.pipelines, store)]
  await Promise.all([
    tuner.tune([problems[0]!], { budget: Infinity }),
    tuner.tune([problems[1]!], { budget: Infinity }),
    other.tune([problems[2]!], { budget: Infinity }),
  ])
  expect(events).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])
  expect(Object.keys(await tuner.findings()).sort()).toEqual([problems[0]!.name, problems[1]!.name].sort())
  expect(Object.keys(store.kept.findings).sort()).toEqual(problems.map((problem) => problem.name).sort())
})

test('what is cleared during a tuning is forgotten after it, and a tuning that fails lets the next one begin', async () => {
  const store = memory()
  const tuner = new Tuner(bench.gpu, bench.pipelines, store)
  const broken: Problem = {
    ...offering([plainTile]),
    sample() {
      throw new Error('no sample')
    },
  }
  const failing = tuner.tune([broken])
  const tuning = tuner.tune([offering([plainTile])])
  const clearing = tuner.clear()
  await expect(failing).rejects.toThrow('no sample')
  expect((await tuning).get(name)!.name).toBe(variantName(plainTile))
  await clearing
  expect(await tuner.findings()).toEqual({})
  expect(store.kept.findings).toEqual({})
})

test('a store that refuses, at once or later, is no error: what was found counts until it is cleared', async () => {
  const refuse = () => {
    throw new Error('SecurityError')
  }
  for (const refusal of [refuse, async () => refuse()]) {
    const tuner = new Tuner(bench.gpu, bench.pipelines, { read: refusal, write: refusal })
    await tuner.tune([offering([plainTile])])
    expect(Object.keys(await tuner.findings())).toEqual([name])
    await tuner.clear()
    expect(await tuner.findings()).toEqual({})
  }
})
