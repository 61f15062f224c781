import { expect, test, vi } from 'vitest'
import type { Host, Report } from '../../src/cli/host.ts'
import { runTrain } from '../../src/cli/run-train.ts'
import { createEngine, type Engine } from '../../src/train/engine.ts'

vi.mock(import('../../src/train/engine.ts'), async (original) => ({ ...(await original()), createEngine: vi.fn<typeof createEngine>() }))

// What watches a trainer measures on a GPU.
vi.mock(import('../../src/answers/findings/watching.ts'), async (original) => ({
  ...(await original()),
  watch: async (_, trainer) => ({ findings: [], stoppedBy: undefined, run: (options) => trainer.run(options), destroy() {} }),
}))

/** An engine without a GPU, whose trainer has trained at once. */
function engineOf(lost: Promise<string>): Engine {
  const trainer = {
    step: 1,
    epoch: 1,
    stepsPerEpoch: 1,
    history: {},
    model: {},
    parameterPaths: ['layers.0.weight'],
    parameter: () => ({ shape: [1], read: async () => Float32Array.of(1) }),
    async *run() {},
    evaluate: async () => ({ step: 1, loss: 0.5, accuracy: 1 }),
    destroy() {},
  }
  return { trainer: async () => trainer, onError: () => () => {}, lost, destroy() {} } as unknown as Engine
}

async function trainWith(picture: Host['picture'], lost = new Promise<string>(() => {})) {
  vi.mocked(createEngine).mockResolvedValue(engineOf(lost))
  const written: string[] = []
  const notes: string[] = []
  const host: Host = {
    runtime: 'browser',
    browser: 'none',
    source: async () => new Uint8Array(),
    write: async (name) => void written.push(name),
    report: (event: Report) => void (event.kind === 'note' && notes.push(event.text)),
    ...(picture && { picture }),
  }
  await runTrain({ preset: 'xor', steps: 1 }, host)
  return { written, notes }
}

const lasting = ['model.json', 'model.safetensors', 'history.json', 'findings.json']

test('a run writes its parameters and its history before its picture', async () => {
  expect(await trainWith(async () => new Uint8Array())).toEqual({ written: [...lasting, 'view.png'], notes: [] })
})

test.each<[string, Host['picture'], RegExp]>([
  ['where there is no canvas', undefined, /needs a browser \(--runtime browser\)\.$/],
  ['where drawing fails', () => Promise.reject(new Error('no context.')), /^view\.png is not written: no context\.$/],
])('%s a line says so and the run is kept', async (_where, picture, line) => {
  const { written, notes } = await trainWith(picture)
  expect(written).toEqual(lasting)
  expect(notes).toEqual([expect.stringMatching(line)])
})

test('where drawing loses the GPU and never ends, a line says so and the run is kept', async () => {
  let lose = (_reason: string) => {}
  const lost = new Promise<string>((resolve) => (lose = resolve))
  const picture = () => {
    lose('driver gone')
    return new Promise<never>(() => {})
  }
  expect(await trainWith(picture, lost)).toEqual({
    written: lasting,
    notes: ['view.png is not written: the GPU was lost: driver gone.'],
  })
})
