import { expect, test } from 'vitest'
import { expandShader } from '../../src/gpu/shader.ts'
import { convProblem } from '../../src/kernels/convProblem.ts'
import { matmul } from '../../src/kernels/matmul.ts'
import { candidates, tileOf, variantName, type MatmulVariant } from '../../src/kernels/matmulVariants.ts'

const gpu = (workgroupBytes: number) => ({ software: false, lanes: { subgroups: true, size: 32, workgroupBytes }, crowded: false })
const shapes = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) => [256, 2048].map((size) => ({ m: size, n: size, k: size, transposeA, transposeB }))),
)

/** As the shader's own declarations say. */
function declaredBytes(variant: MatmulVariant, shape: (typeof shapes)[number]): number {
  const { shader, defines } = matmul(shape, {}, variant)
  const declared = [...expandShader(shader, defines).matchAll(/var<workgroup> \w+: array<array<vec4f, (\d+)>, (\d+)>/g)]
  expect(declared).toHaveLength(2)
  return declared.reduce((sum, [, inner, outer]) => sum + 16 * Number(inner) * Number(outer), 0)
}

test.each([16_384, 32_768, 49_152])(
  'no tile is offered that takes more than the %i bytes of a workgroup, and one that takes no more is',
  (bytes) => {
    const tiles = (limit: number, shape: (typeof shapes)[number]) =>
      candidates(shape, gpu(limit)).filter(({ kind }) => kind === 'workgroup')
    for (const shape of shapes) {
      const offered = tiles(bytes, shape)
      for (const variant of offered) expect(declaredBytes(variant, shape)).toBeLessThanOrEqual(bytes)
      const fitting = tiles(Infinity, shape).filter((variant) => declaredBytes(variant, shape) <= bytes)
      expect(offered.map(variantName)).toEqual(fitting.map(variantName))
    }
    expect(shapes.flatMap((shape) => tiles(bytes, shape)).length).toBeGreaterThan(shapes.length)
  },
)

test('a GPU begins narrow products with tiles that are as narrow', () => {
  const firstTile = (m: number, n: number) => tileOf(candidates({ m, n, k: 512 }, gpu(32_768))[0]!)
  expect(firstTile(65_536, 16)[1]).toBe(16)
  expect(firstTile(65_536, 6)[1]).toBe(8)
  expect(firstTile(16, 4096)[0]).toBe(16)
})

test('a convolution’s weights are tuned as what the pass takes, however few they are', () => {
  const shape = { batch: 64, channels: 1, height: 28, width: 28, filters: 6, kernel: 5, stride: 1, padding: 2, dilation: 1, groups: 1 }
  expect(convProblem(shape, 'weight').candidates(gpu(32_768)).length).toBeGreaterThan(1)
})
