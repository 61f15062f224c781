import { afterAll, beforeAll, expect, test } from 'vitest'
import { imageCases } from '../../bench/kernels/image-cases.ts'
import { firstError, type NamedCase } from '../../bench/kernels/kernel-case.ts'
import { otherCases } from '../../bench/kernels/other-cases.ts'
import { Workbench } from '../../bench/workbench.ts'

// Products and convolutions are left out: their cases differ from the kernels' own tests in size alone, and take long.
const cases = [...imageCases(), ...otherCases()]

/** The first size of each kernel: names differ in their numbers alone. */
const first = new Set(new Map(cases.toReversed().map((one) => [one.name.replaceAll(/\d+/g, ''), one])).values())
export const firstOfEach = (one: NamedCase): boolean => first.has(one)

/** A test for each of these cases. */
export function testCases(which: (one: NamedCase) => boolean): void {
  let bench: Workbench
  beforeAll(async () => {
    bench = await Workbench.open(undefined)
  })
  afterAll(() => bench.destroy())

  test.each(cases.filter(which).map((one) => [one.name, one] as const))('%s: the bench measures what is right', async (_, { build }) => {
    const one = await build(bench)
    const prepared = await bench.prepare(one.name, one.calls, one.step)
    expect(await firstError(prepared, one)).toBeLessThanOrEqual(one.tolerance)
    prepared.destroy()
  })
}
