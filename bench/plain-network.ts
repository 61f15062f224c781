import { adamSettings, taskData, type Task, type TaskData } from './tasks.ts'

/**
 * A dense network trained in plain JavaScript on typed arrays: in float64 the reference that every engine's first losses are held to, and
 * the peer `plain-js`. Written for speed: rows of the weights are walked as they lie in memory.
 */
export class PlainNetwork {
  readonly #task: Task
  readonly #data: TaskData
  readonly #x: Float64Array
  readonly #y: Float64Array
  readonly #layers: Layer[]
  #step = 0

  constructor(task: Task) {
    this.#task = task
    this.#data = taskData(task)
    this.#x = Float64Array.from(this.#data.x)
    this.#y = Float64Array.from(this.#data.y)
    this.#layers = this.#data.layers.map(
      ({ weight, bias, inputs, outputs }) => new Layer(Float64Array.from(weight), Float64Array.from(bias), inputs, outputs, task),
    )
  }

  /** Another batch, of as many rows: `[batch, inputs]` and `[batch, outputs]`. */
  feed(x: ArrayLike<number>, y: ArrayLike<number>) {
    this.#x.set(x)
    this.#y.set(y)
  }

  /** Loss of the batch as the last step found it, before its update. */
  loss(): number {
    const { output } = this.#layers.at(-1)!
    let sum = 0
    if (this.#task.loss === 'mse') {
      for (let i = 0; i < output.length; i++) sum += (output[i]! - this.#y[i]!) ** 2
      return sum / output.length
    }
    for (let i = 0; i < output.length; i++) if (this.#y[i]) sum -= Math.log(output[i]!)
    return sum / this.#task.batch
  }

  step() {
    this.#step++
    this.#forward()
    this.#lossGradient()
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const before = this.#layers[i - 1]
      this.#layers[i]!.backward(before?.output ?? this.#x, before?.gradient, this.#task.hidden)
    }
    for (const layer of this.#layers) layer.update(this.#task, this.#step)
  }

  losses(count: number): number[] {
    return Array.from({ length: count }, () => {
      this.step()
      return this.loss()
    })
  }

  #forward() {
    let x = this.#x
    for (const [i, layer] of this.#layers.entries()) {
      layer.forward(x)
      if (i < this.#layers.length - 1) activate(layer.output, this.#task.hidden)
      else if (this.#task.loss === 'mse')
        for (let k = 0; k < layer.output.length; k++) layer.output[k] = 1 / (1 + Math.exp(-layer.output[k]!))
      else softmaxRows(layer.output, layer.outputs)
      x = layer.output
    }
  }

  /** ∂L/∂(what the last layer puts out before its sigmoid or softmax). */
  #lossGradient() {
    const { output, gradient } = this.#layers.at(-1)!
    const count = output.length
    if (this.#task.loss === 'mse')
      for (let i = 0; i < count; i++) gradient[i] = (2 / count) * (output[i]! - this.#y[i]!) * output[i]! * (1 - output[i]!)
    else for (let i = 0; i < count; i++) gradient[i] = (output[i]! - this.#y[i]!) / this.#task.batch
  }
}

class Layer {
  readonly weight: Float64Array
  readonly bias: Float64Array
  readonly inputs: number
  readonly outputs: number
  readonly #rows: number
  readonly output: Float64Array
  /** ∂L/∂output before the activation. */
  readonly gradient: Float64Array
  readonly #weightGradient: Float64Array
  readonly #biasGradient: Float64Array
  readonly #moments: Float64Array[]

  constructor(weight: Float64Array, bias: Float64Array, inputs: number, outputs: number, { batch, optimizer }: Task) {
    this.weight = weight
    this.bias = bias
    this.inputs = inputs
    this.outputs = outputs
    this.#rows = batch
    this.output = new Float64Array(batch * outputs)
    this.gradient = new Float64Array(batch * outputs)
    this.#weightGradient = new Float64Array(weight.length)
    this.#biasGradient = new Float64Array(bias.length)
    this.#moments = optimizer === 'adam' ? [weight, weight, bias, bias].map((tensor) => new Float64Array(tensor.length)) : []
  }

  forward(x: Float64Array) {
    const { weight, bias, inputs, outputs, output } = this
    for (let row = 0; row < this.#rows; row++) {
      const to = row * outputs
      for (let j = 0; j < outputs; j++) output[to + j] = bias[j]!
      for (let i = 0; i < inputs; i++) {
        const value = x[row * inputs + i]!
        const at = i * outputs
        for (let j = 0; j < outputs; j++) output[to + j]! += value * weight[at + j]!
      }
    }
  }

  /** Gradients of the parameters and, where there is a layer before, of what that puts out. */
  backward(x: Float64Array, before: Float64Array | undefined, hidden: Task['hidden']) {
    const { weight, inputs, outputs, gradient } = this
    const [weightGradient, biasGradient] = [this.#weightGradient, this.#biasGradient]
    weightGradient.fill(0)
    biasGradient.fill(0)
    for (let row = 0; row < this.#rows; row++) {
      const from = row * outputs
      for (let j = 0; j < outputs; j++) biasGradient[j]! += gradient[from + j]!
      for (let i = 0; i < inputs; i++) {
        const value = x[row * inputs + i]!
        const at = i * outputs
        if (before) {
          let sum = 0
          for (let j = 0; j < outputs; j++) {
            const slope = gradient[from + j]!
            weightGradient[at + j]! += value * slope
            sum += slope * weight[at + j]!
          }
          before[row * inputs + i] = hidden === 'tanh' ? sum * (1 - value * value) : value > 0 ? sum : 0
        } else for (let j = 0; j < outputs; j++) weightGradient[at + j]! += value * gradient[from + j]!
      }
    }
  }

  update({ optimizer, learningRate }: Task, step: number) {
    const [first, second, firstBias, secondBias] = this.#moments
    if (optimizer === 'sgd') {
      descend(this.weight, this.#weightGradient, learningRate)
      descend(this.bias, this.#biasGradient, learningRate)
    } else {
      adam(this.weight, this.#weightGradient, first!, second!, learningRate, step)
      adam(this.bias, this.#biasGradient, firstBias!, secondBias!, learningRate, step)
    }
  }
}

function descend(parameter: Float64Array, gradient: Float64Array, rate: number) {
  for (let i = 0; i < parameter.length; i++) parameter[i]! -= rate * gradient[i]!
}

function adam(parameter: Float64Array, gradient: Float64Array, first: Float64Array, second: Float64Array, rate: number, step: number) {
  const { beta1, beta2, eps } = adamSettings
  const [correction1, correction2] = [1 - beta1 ** step, 1 - beta2 ** step]
  for (let i = 0; i < parameter.length; i++) {
    const slope = gradient[i]!
    const mean = (first[i] = beta1 * first[i]! + (1 - beta1) * slope)
    const square = (second[i] = beta2 * second[i]! + (1 - beta2) * slope * slope)
    parameter[i]! -= (rate * (mean / correction1)) / (Math.sqrt(square / correction2) + eps)
  }
}

function activate(values: Float64Array, hidden: Task['hidden']) {
  if (hidden === 'tanh') for (let i = 0; i < values.length; i++) values[i] = Math.tanh(values[i]!)
  else for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0
}

function softmaxRows(values: Float64Array, columns: number) {
  for (let at = 0; at < values.length; at += columns) {
    let largest = -Infinity
    for (let j = at; j < at + columns; j++) largest = Math.max(largest, values[j]!)
    let sum = 0
    for (let j = at; j < at + columns; j++) sum += values[j] = Math.exp(values[j]! - largest)
    for (let j = at; j < at + columns; j++) values[j]! /= sum
  }
}
