import { afterAll, beforeAll, expect, test } from 'vitest'
import { lanesOf, productName, Tuner, type Finding, type Product } from '../../src/kernels/tuner.ts'
import { plainTile, variantName, type MatmulVariant } from '../../src/kernels/matmulVariants.ts'
import { openBench, type Bench } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

const product: Product = { shape: { m: 96, n: 64, k: 128, transposeB: true }, epilogue: { bias: true, activation: 'tanh', keep: true } }
const name = productName(product)
const slow: MatmulVariant = { kind: 'registers', rows: 1, columns: 1, depth: 1, threads: [1, 1] }

/** Rows handed on by lanes that are not there: wrong on an adapter whose subgroups have another size. */
const wrong = (): MatmulVariant => {
  const size = lanesOf(bench.gpu).size === 8 ? 4 : 8
  return { kind: 'registers', rows: 16, columns: 4, depth: 4, threads: [size, 1], share: size }
}

function memory() {
  const kept: { findings: Record<string, Finding>; key: string } = { findings: {}, key: '' }
  return {
    kept,
    read: async () => structuredClone(kept.findings),
    write: async (key: string, findings: Record<string, Finding>) => {
      Object.assign(kept, { key, findings: structuredClone(findings) })
    },
  }
}

test('of a slow, a wrong and a good variant the good one is chosen, and the wrong one reported', async () => {
  const list = [slow, wrong(), plainTile]
  const tuner = new Tuner(bench.gpu, bench.pipelines)
  const chosen = await tuner.tune([product], { budget: Infinity, candidates: () => list })
  expect(variantName(chosen.get(name)!)).toBe(variantName(plainTile))
  const finding = (await tuner.findings())[name]!
  expect(Object.keys(finding.refused)).toEqual([variantName(wrong())])
  expect(finding.refused[variantName(wrong())]).toMatch(/C\[\d+, \d+\] is .*, expected|subgroup/)
  expect(finding.milliseconds[variantName(slow)]).toBeGreaterThan(finding.milliseconds[variantName(plainTile)]!)
  expect(finding.tied).toBe(false)
})

test('a wrong variant is not used even when nothing else is offered', async () => {
  const chosen = await new Tuner(bench.gpu, bench.pipelines).tune([product], { candidates: () => [wrong()] })
  expect(variantName(chosen.get(name)!)).toBe(variantName(plainTile))
})

test('a finding is kept, checked again and not searched again; cleared, it is forgotten', async () => {
  const store = memory()
  await new Tuner(bench.gpu, bench.pipelines, store).tune([product], { budget: Infinity, candidates: () => [slow, plainTile] })
  expect(store.kept.findings[name]?.variant).toBe(variantName(plainTile))
  expect(store.kept.key).toContain(bench.gpu.adapter.description)
  const offered: string[] = []
  const again = new Tuner(bench.gpu, bench.pipelines, store)
  const progress: number[] = []
  await again.tune([product], { candidates: () => [slow, plainTile], onProgress: (done) => progress.push(done) })
  offered.push(...Object.keys(store.kept.findings[name]!.milliseconds))
  expect(offered.sort()).toEqual([variantName(plainTile), variantName(slow)].sort())
  expect(progress.at(-1)).toBe(1)
  await again.clear()
  expect(store.kept.findings).toEqual({})
})

test('without time left every product still gets a variant that is right', async () => {
  const other: Product = { shape: { m: 10, n: 10, k: 30, transposeA: true }, epilogue: {} }
  const chosen = await new Tuner(bench.gpu, bench.pipelines).tune([product, other], { budget: 0, candidates: () => [plainTile, slow] })
  expect([...chosen.values()].map(variantName)).toEqual([variantName(plainTile), variantName(plainTile)])
})
