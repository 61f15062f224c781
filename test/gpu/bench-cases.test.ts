import { afterAll, beforeAll, expect, test } from 'vitest'
import { imageCases } from '../../bench/kernels/image-cases.ts'
import { firstError } from '../../bench/kernels/kernel-case.ts'
import { otherCases } from '../../bench/kernels/other-cases.ts'
import { Workbench } from '../../bench/workbench.ts'

let bench: Workbench
beforeAll(async () => {
  bench = await Workbench.open(undefined)
})
afterAll(() => bench.destroy())

// Products and convolutions are left out: their cases differ from the kernels' own tests in size alone, and take long.
test.each([...imageCases(), ...otherCases()].map((one) => [one.name, one] as const))(
  '%s: the bench measures what is right',
  async (_, { build }) => {
    const one = await build(bench)
    const prepared = await bench.prepare(one.name, one.calls, one.step)
    expect(await firstError(prepared, one)).toBeLessThanOrEqual(one.tolerance)
    prepared.destroy()
  },
)
