import { loss as lossOf } from '../../src/kernels/reference/loss.ts'
import { sizeOf } from '../../src/model/shape.ts'
import { networkOutput, parametersOf } from '../../src/model/shapes.ts'
import type { ModelFile } from '../../src/model/types.ts'
import { layersOfLogits } from './network.ts'
import { forward, type ReferenceData } from './train.ts'

/** The trainable parameters of a model one behind the other, in float64. */
export class FlatModel {
  readonly model: ModelFile
  readonly data: ReferenceData
  readonly specs: ReturnType<typeof parametersOf>
  readonly length: number

  constructor(model: ModelFile, data: ReferenceData) {
    this.model = model
    this.data = data
    this.specs = parametersOf(model).filter(({ trainable }) => trainable)
    this.length = this.specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  }

  flat(values: Record<string, ArrayLike<number>>): Float64Array {
    return Float64Array.from(this.specs.flatMap(({ path }) => Array.from(values[path]!)))
  }

  /** The mean loss over all samples, in batches of the model's size, and its gradient. */
  at(parameters: Float64Array): { loss: number; gradient: Float64Array } {
    const { model, data } = this
    const holdsSigmoid = model.loss === 'binaryCrossEntropy'
    const scored = holdsSigmoid ? { ...model, layers: layersOfLogits(model.layers) } : model
    const columns = sizeOf(networkOutput(model))
    let total = 0
    const gradient = new Float64Array(this.length)
    for (let first = 0; first < data.samples; first += model.batchSize) {
      const rows = Math.min(model.batchSize, data.samples - first)
      const named: Record<string, Float64Array> = {}
      let from = 0
      for (const { path, shape } of this.specs) named[path] = parameters.slice(from, (from += sizeOf(shape)))
      for (const { path, shape, trainable } of parametersOf(model))
        if (!trainable) named[path] = new Float64Array(sizeOf(shape)).fill(path.endsWith('running_var') ? 1 : 0)
      const pass = { parameters: named, gradients: {}, training: true, rows, count: rows, seed: model.seed, step: 1, dropouts: 0 }
      const part = (values: Float64Array) => {
        const width = values.length / data.samples
        return values.slice(first * width, (first + rows) * width)
      }
      const run = forward(scored, part(data.x), pass)
      const { loss, gradient: out } = lossOf(model.loss, run.output, part(data.y), rows, columns)
      run.backward(out)
      const share = rows / data.samples
      total += share * loss
      const own = this.flat(pass.gradients)
      own.forEach((value, i) => (gradient[i]! += share * value))
    }
    return { loss: total, gradient }
  }

  /** By central differences of the gradient; made symmetric. */
  hessian(parameters: Float64Array, h = 1e-5): Float64Array[] {
    const rows = Array.from(parameters, (value, i) => {
      const [forth, back] = [value + h, value - h].map((moved) => this.at(parameters.with(i, moved)).gradient) as [
        Float64Array,
        Float64Array,
      ]
      return forth.map((one, j) => (one - back[j]!) / (2 * h))
    })
    return rows.map((row, i) => row.map((value, j) => (value + rows[j]![i]!) / 2))
  }
}

/** All eigenvalues of a symmetric matrix, the smallest first, by Jacobi's rotations. */
export function eigenvaluesOf(matrix: readonly Float64Array[]): number[] {
  const a = matrix.map((row) => Float64Array.from(row))
  const n = a.length
  for (let sweep = 0; sweep < 60; sweep++) {
    let rest = 0
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const off = a[p]![q]!
        rest += off * off
        if (off === 0) continue
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * off)
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k]![p]!, a[k]![q]!]
          a[k]![p] = c * x - s * y
          a[k]![q] = s * x + c * y
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[p]![k]!, a[q]![k]!]
          a[p]![k] = c * x - s * y
          a[q]![k] = s * x + c * y
        }
      }
    if (rest < 1e-24) break
  }
  return a.map((row, i) => row[i]!).sort((x, y) => x - y)
}
