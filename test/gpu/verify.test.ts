import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { caseLine, verifyCase } from '../../src/cli/run-verify.ts'
import { overrideShader, shaderSource } from '../../src/gpu/shader.ts'
import { createEngine, type Engine } from '../../src/index.ts'

const descriptions = import.meta.glob<string>('../goldens/*.json', { query: '?raw', import: 'default' })
const numbers = import.meta.glob<string>('../goldens/*.safetensors', { query: '?inline', import: 'default' })

// One for all: pipelines are kept by their text, so that only those with a fault are made anew.
let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

async function verify(name: string) {
  const json = await descriptions[`../goldens/${name}.json`]!()
  const url = await numbers[`../goldens/${name}.safetensors`]!()
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0))
  return verifyCase(engine, name, json, bytes)
}

/** A small fault in a shader, and a recorded run that must not survive it. */
const faults: [shader: string, from: string, to: string, golden: string][] = [
  ['tanh', '1.0 - y * y', '1.01 - y * y', 'adam'],
  ['sigmoid', 'y * (1.0 - y)', 'y * (1.01 - y)', 'deep-sigmoid'],
  ['relu', 'select(1.0, 0.0, y <= 0.0)', 'select(1.0, 0.01, y <= 0.0)', 'clip-norm'],
  ['leakyRelu', 'select(1.0, parameter, x <= 0.0)', 'select(1.0, 1.01, x <= 0.0)', 'momentum'],
  ['elu', 'parameter * exponential(min(x, 0.0))', '1.01 * exponential(min(x, 0.0))', 'rmsprop'],
  ['gelu', '0.3989422804014327', '0.41', 'adamw'],
  ['silu', '(1.0 - s)', '(1.01 - s)', 'adagrad'],
  ['softplus', '-exponentialMinusOne(-y)', '-1.01 * exponentialMinusOne(-y)', 'softplus-huber'],
  ['sgd', 'step.learningRate * g', '1.01 * step.learningRate * g', 'mae'],
  ['sgd', 'step.momentum * *first + g', '1.01 * step.momentum * *first + g', 'momentum'],
  ['sgd', 'weightDecay * parameter', '1.1 * weightDecay * parameter', 'nesterov-decay'],
  ['adam', 'step.oneMinusBeta1 * g', '1.01 * step.oneMinusBeta1 * g', 'adam'],
  ['adamw', 'weightDecay * parameter', '2.0 * weightDecay * parameter', 'adamw'],
  ['rmsprop', 'step.oneMinusBeta1 * g', '1.01 * step.oneMinusBeta1 * g', 'rmsprop'],
  ['adagrad', '+ scaled * scaled', '+ 1.01 * scaled * scaled', 'adagrad'],
  ['secondMoment', 'return sqrt(moment) *', 'return sqrt(1.01 * moment) *', 'rmsprop'],
  ['mse', '2.0 * (prediction', '2.01 * (prediction', 'one-unit'],
  ['mae', '1.0, difference > 0.0', '1.01, difference > 0.0', 'mae'],
  ['huber', 'select(difference, -1.0', 'select(1.01 * difference, -1.0', 'softplus-huber'],
  ['binaryCrossEntropy', '- expected * zero', '- 1.01 * expected * zero', 'xor-bce'],
  ['binaryCrossEntropy', 'largestLoss = 100.0', 'largestLoss = 87.3', 'saturated-bce'],
  ['binaryCrossEntropy', '(1.0 - expected) * one', '(1.0 - expected) * select(one, 0.0, logit > 16.6)', 'saturated-bce'],
  ['binaryCrossEntropy', '(1.0 - expected) * one', '(1.0 - expected) * select(one, 0.0, logit > 16.6)', 'saturated-branches'],
  ['loss', 'vec2f(sum / elements', 'vec2f(1.01 * sum / elements', 'mae'],
  ['matmulStore', 'sum + bias[', 'sum + 1.01 * bias[', 'adam'],
  ['matmulProducts', '+ x$(I)_$(Q) * y$(J)_$(Q)', '+ 1.01 * x$(I)_$(Q) * y$(J)_$(Q)', 'adam'],
  ['conv2d', 'i32(tap * $(DILATION)u)', 'i32(tap)', 'conv-options'],
  ['conv2d', 'at < size', 'at <= size', 'vgg-block'],
  ['conv2dWeight', 'i32(y * $(STRIDE)u)', 'i32(y)', 'resnet-block'],
  ['pool2d', 'taps[at] == Word', 'taps[at] != Word', 'vgg-block'],
  ['pool2d', 'dx[i] = sum / f32(SIZE * SIZE)', 'dx[i] = sum', 'lenet5'],
  ['globalPool', 'result[i] = sum /', 'result[i] = 1.01 * sum /', 'resnet-block'],
  ['transpose', 'within % ROWS * COLUMNS + within / ROWS', 'within', 'lenet5'],
  ['columnSums', '[column] = sum', '[column] = 1.01 * sum', 'adam'],
  ['activation', 'dx[i] = dy[i] *', 'dx[i] = 1.01 * dy[i] *', 'concat'],
  ['add', 'a[i] + b[i]', 'a[i] + 1.01 * b[i]', 'residual'],
  ['add', 'sum * each(saved[i])', 'sum * each(1.01 * saved[i] + 0.01)', 'resnet-block'],
  ['copyColumns', 'params.fromFirst + column', 'column', 'concat'],
  ['batchNorm', '* weight[channel]', '* 1.01 * weight[channel]', 'batch-norm'],
  ['batchNormGradients', 'weightSum += fewWeights', 'weightSum += 1.01 * fewWeights', 'batch-norm'],
  ['batchNormInput', 'dBias[channel] / count', '1.01 * dBias[channel] / count', 'batch-norm'],
  ['batchNormStatistics', 'params.momentum * center', '1.1 * params.momentum * center', 'batch-norm'],
  ['batchNormStatistics', 'squares / max(count - 1.0, 1.0)', 'squares / count', 'batch-norm'],
  ['layerNorm', 'inverse[row] = factor', 'inverse[row] = 1.01 * factor', 'layer-norm'],
  ['matmulStore', 'sqrt(runningVariance[own] + EPS)', 'sqrt(1.01 * runningVariance[own] + EPS)', 'resnet-block'],
  ['gather', 'params.features + i] = value', 'params.features + i] = 1.01 * value', 'adam'],
  ['gather', 'targets[ofAll', 'targets[row', 'adam'],
  ['gradientNorm', 'value + 1e-6', '1.01 * value', 'clip-norm'],
  ['optimizer', 'gradient *= norm.y', 'gradient *= 1.0', 'clip-norm'],
  ['result', 'vec4f(sum.x + sum.y', 'vec4f(1.01 * sum.x + sum.y', 'adam'],
]
const faulty = new Set<string>()
afterEach(() => {
  for (const shader of faulty) overrideShader(shader, undefined)
})

test.each(faults)('%s with %j become %j fails', async (shader, from, to, golden) => {
  const text = shaderSource(shader)
  expect(text).toContain(from)
  faulty.add(shader)
  overrideShader(shader, text.replaceAll(from, to))
  const result = await verify(golden)
  expect(result.passed, caseLine(result)).toBe(false)
  expect(result, caseLine(result)).toHaveProperty('errors') // it ran, and its numbers are wrong
})
