/** A small network of feature maps, with a grouped convolution, a residual block and a concat, two steps into training. */
import type { Dataset } from '../../src/data/types.ts'
import { readBuffer } from '../../src/gpu/readback.ts'
import type { TensorView } from '../../src/graph/observation.ts'
import { createInspector, type Inspector } from '../../src/inspect/inspector.ts'
import {
  avgPool2d,
  concat,
  conv2d,
  createEngine,
  dense,
  flatten,
  relu,
  residual,
  sequential,
  sgd,
  tanh,
  type Engine,
  type Observation,
  type Trainer,
} from '../../src/index.ts'

export const batch = 4
const channels = 3
export const size = 6
const images = (): Dataset => {
  const x = Float32Array.from({ length: 8 * channels * size * size }, (_, i) => Math.sin(i * 12.9898) * 0.9)
  return {
    name: 'waves',
    inputShape: [channels, size, size],
    outputs: 3,
    train: { count: 8, x, y: Int32Array.from({ length: 8 }, (_, i) => i % 3) },
  }
}
const network = sequential(
  [channels, size, size],
  [
    conv2d(4, 3, { padding: 1 }),
    tanh(),
    residual([conv2d(4, 3, { padding: 1, groups: 2 }), tanh()]),
    concat([[], [conv2d(2, 3, { padding: 1 })]]),
    relu(),
    avgPool2d(2),
    flatten(),
    dense(3),
  ],
)

export const norm = (numbers: ArrayLike<number>) => Math.sqrt(Array.from(numbers).reduce((sum, x) => sum + x * x, 0))

export interface MapsNetwork {
  engine: Engine
  trainer: Trainer
  observation: Observation
  /** What the device has reported. */
  errors: string[]
  /** What `look` finds in an inspector that has looked once. */
  inspected<Result>(observed: Observation, look: (inspector: Inspector) => Promise<Result>, edgesPerLayer?: number): Promise<Result>
  numbersOf(view: TensorView): Promise<Float32Array>
}

export async function mapsNetwork(): Promise<MapsNetwork> {
  const engine = await createEngine()
  const errors: string[] = []
  engine.onError(({ message }) => errors.push(message))
  const trainer = await engine.trainer(network, images(), {
    loss: 'crossEntropy',
    optimizer: sgd({ learningRate: 0.01 }),
    batchSize: batch,
    seed: 1,
    tuningTime: 1,
  })
  for await (const _ of trainer.run({ steps: 2 }));
  const observation = trainer.observation()
  async function inspected<Result>(observed: Observation, look: (inspector: Inspector) => Promise<Result>, edgesPerLayer?: number) {
    const inspector = createInspector(engine.device, observed, { ...(edgesPerLayer && { edgesPerLayer }), statisticsOf: observation })
    const encoder = engine.device.createCommandEncoder()
    inspector.update(encoder)
    engine.device.queue.submit([encoder.finish()])
    try {
      return await look(inspector)
    } finally {
      inspector.destroy()
    }
  }
  const numbersOf = async ({ buffer, offset, size: bytes }: TensorView) =>
    new Float32Array(await readBuffer(engine.device, buffer, offset, bytes))
  return { engine, trainer, observation, errors, inspected, numbersOf }
}
