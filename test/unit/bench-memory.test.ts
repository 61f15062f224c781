import { expect, test } from 'vitest'
import { checkResult, type Row } from '../../bench/result.ts'
import { memoryName, runMemory, stepMemory } from '../../bench/suites/memory.ts'
import type { SuiteContext } from '../../bench/suites/context.ts'
import { dense, relu, sequential } from '../../src/model/layers.ts'
import { sgd } from '../../src/model/optimizers.ts'
import { modelFormat } from '../../src/model/types.ts'

test('a step takes its state, its gradients and what is kept; the least of it is the state and what the backward pass reads', () => {
  const network = sequential([10], [dense(20), relu(), dense(4)])
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 })
  const { taken, least } = stepMemory({ format: modelFormat, ...network, loss: 'crossEntropy', optimizer, batchSize: 8, seed: 1 })
  const parameters = 10 * 20 + 20 + 20 * 4 + 4
  // The batch, relu's output and the network's, which the loss reads
  expect(least).toBe(4 * (2 * parameters + 8 * (10 + 20 + 4)))
  // Besides: the gradients, and all that the loss makes or reads and every layer's output and gradient
  expect(taken).toBeGreaterThan(least + 4 * parameters)
})

test('a step of ResNet-20 with a batch of 128 takes at most 1.3 times what it needs, and its row is one of the format', () => {
  const rows: Row[] = []
  const context = { row: (row: Row) => void rows.push(row), note() {} } as unknown as SuiteContext
  runMemory(context)
  const result = { format: 'gradscope-bench/1', adapter: 'a', browser: 'b', driver: 'd', date: '2026-01-01', rows }
  const [row] = checkResult(JSON.parse(JSON.stringify(result)), 'result.json').rows
  expect([row!.name, row!.unit]).toEqual([memoryName, 'MB'])
  expect(row!.overNeeded).toBeGreaterThan(1)
  expect(row!.overNeeded).toBeLessThanOrEqual(1.3)
})
