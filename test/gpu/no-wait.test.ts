import { afterAll, expect, test } from 'vitest'
import { createEngine, dense, sequential, sgd, tanh, type Dataset } from '../../src/index.ts'

const delay = 1000
const window = 700
/** Two windows, without and with the delay, this many times. */
const pairs = 5
/** Other programs disturb a measurement by more than 5 %; a trainer that waits for its readbacks would lose most of its speed every time. */
const attempts = 3

let delayed = false
const { mapAsync } = GPUBuffer.prototype
GPUBuffer.prototype.mapAsync = async function (...words) {
  if (delayed) await sleep(delay)
  return mapAsync.apply(this, words)
}
afterAll(() => {
  GPUBuffer.prototype.mapAsync = mapAsync
})

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

test('delaying every mapAsync by 1 s lowers steps/s by less than 5 %', async () => {
  const count = 512
  const x = Float32Array.from({ length: count * 32 }, (_, i) => Math.sin(i))
  const dataset: Dataset = { name: 'waves', inputShape: [32], outputs: 1, train: { count, x, y: x.slice(0, count) } }
  const engine = await createEngine()
  const trainer = await engine.trainer(sequential([32], [dense(64), tanh(), dense(1)]), dataset, {
    loss: 'mse',
    optimizer: sgd({ learningRate: 0.01 }),
    batchSize: 128,
  })
  const training = (async () => {
    for await (const _ of trainer.run());
  })()
  const speed = async (late: boolean) => {
    delayed = late
    await sleep(100) // submits that were on their way
    const [time, step] = [performance.now(), trainer.step]
    await sleep(window)
    return ((trainer.step - step) * 1000) / (performance.now() - time)
  }
  await sleep(500) // the scheduler finds its size
  let ratio = 0
  for (let attempt = 0; attempt < attempts && ratio <= 0.95; attempt++) {
    const speeds: Record<'prompt' | 'late', number[]> = { prompt: [], late: [] }
    for (let pair = 0; pair < pairs; pair++) {
      speeds.prompt.push(await speed(false))
      speeds.late.push(await speed(true))
    }
    ratio = median(speeds.late) / median(speeds.prompt)
    console.log(`${median(speeds.prompt).toFixed(0)} steps/s, ${median(speeds.late).toFixed(0)} with the delay`)
  }
  trainer.pause()
  await training
  trainer.destroy()
  engine.destroy()
  expect(ratio).toBeGreaterThan(0.95)
})
