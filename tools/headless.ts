import type { Host } from '../src/cli/host.ts'
import { decodeImage } from '../src/app/browser/decode-image.ts'
import { browserName } from '../bench/browser-name.ts'
import { openStage } from '../bench/stage.ts'
import { framedPeers } from './headless-peers.ts'
import { runTask, type Tasks } from '../src/cli/tasks.ts'

// The page in which `train`, `verify` and `bench` use a headless browser's GPU; tools/cli/runtime.mjs opens it.
declare global {
  var gradscopeReport: Host['report']
  var gradscopeFirstStep: NonNullable<Host['firstStep']>
  var gradscopeRun: (name: keyof Tasks, job: never) => ReturnType<typeof runTask>
}

async function desk(name: string, init?: RequestInit): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/@desk/${encodeURIComponent(name)}`, init)
  if (!response.ok) throw new Error((await response.text()) || `${name}: HTTP status ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

const pictureSize = { width: 1600, height: 1000 }

/** The trained network as the page shows it, at rest, with its title and legend. */
const picture: Host['picture'] = async (engine, trainer, data, { step, train, test }) => {
  const [{ createView }, { collapse, openByDefault }, { createInspector }, { poster }] = await Promise.all([
    import('../src/view/view.ts'),
    import('../src/view/collapse.ts'),
    import('../src/inspect/inspector.ts'),
    import('../src/app/stage/poster.ts'),
  ])
  const { width, height } = pictureSize
  const canvas = new OffscreenCanvas(width, height)
  const view = await createView(canvas, engine.device)
  const all = trainer.observation()
  const observation = collapse(all, openByDefault(all))
  const inspector = createInspector(engine.device, observation)
  try {
    view.resize(width, height, 1)
    view.show(observation, inspector)
    view.render() // the legend's ranges are those of what was drawn
    const figures = { data, step, loss: train.loss, testLoss: test?.loss ?? null, testAccuracy: test?.accuracy ?? null }
    const blob = await poster(view, canvas, trainer, figures, { left: 0, top: 0, width, height })
    return new Uint8Array(await blob.arrayBuffer())
  } finally {
    view.dispose()
    inspector.destroy()
  }
}

const chart: Host['chart'] = async ({ width, height }, draw) => {
  const sharpness = 2
  const context = new OffscreenCanvas(width * sharpness, height * sharpness).getContext('2d')
  if (!context) throw new Error('this browser has no 2D canvas')
  context.scale(sharpness, sharpness)
  draw(context)
  return new Uint8Array(await (await context.canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
}

/** The command keeps what was found about kernels in a file of its own. */
const tuning: Host['tuning'] = {
  read: async (key) => {
    const found = await fetch(`/@tuning/${encodeURIComponent(key)}`)
    return found.ok ? found.json() : undefined
  },
  write: async (key, findings) => {
    await fetch(`/@tuning/${encodeURIComponent(key)}`, { method: 'POST', body: JSON.stringify(findings) })
  },
}

const host: Host = {
  runtime: 'browser',
  browser: browserName(navigator.userAgent),
  source: (name) => desk(name),
  decode: decodeImage,
  write: async (name, body) => {
    await desk(name, { method: 'POST', body })
  },
  picture,
  chart,
  stage: openStage,
  firstStep: () => globalThis.gradscopeFirstStep(),
  peers: framedPeers,
  tuning,
  report: (event) => globalThis.gradscopeReport(event),
}
globalThis.gradscopeRun = (name, job) => runTask(name, job, host)
