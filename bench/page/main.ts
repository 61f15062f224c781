/** The bench as a page: measures the adapter of the browser that looks at it. */
import '../../src/app/ui/locale.ts'
import { byId, setText } from '../../src/app/ui/dom.ts'
import { browserTuning } from '../../src/app/browser/tuning-store.ts'
import { showUnsupported } from '../../src/app/shell/unsupported.ts'
import { openDevice } from '../../src/gpu/device.ts'
import { browserName } from '../browser-name.ts'
import { plainPeer } from '../peers/plain.ts'
import { runBench, type Draft } from '../run.ts'
import { openStage } from '../stage.ts'
import type { BenchResult } from '../result.ts'
import { controls, type Choice } from './controls.ts'
import { numericsCard } from './numerics.ts'
import { rooflineCard } from './roofline-plot.ts'
import { tableCards } from './tables.ts'

/** Milliseconds between two pictures of a result that is being made: drawing takes time from what is measured. */
const redrawEvery = 3000

async function start(): Promise<void> {
  const gpu = await openDevice()
  setText(byId('adapter'), gpu.adapter.description)
  gpu.destroy()

  let shown: Draft = { rows: [], ratios: [], numerics: [], notes: [] }
  let other: BenchResult | null = null
  let drawn = 0
  const draw = () => {
    drawn = performance.now()
    // Before anything is measured here, the other machine's result is what there is to see.
    const [draft, beside] = shown.rows.length === 0 && other ? [other, null] : [shown, other]
    numericsCard(draft.numerics, draft === other ? other.adapter : 'this adapter')
    rooflineCard(draft.rows, beside?.rows ?? [])
    tableCards(draft, beside)
  }

  const run = async (choice: Choice, progress: (done: number, what: string) => void, signal: AbortSignal): Promise<BenchResult> => {
    document.body.dataset['phase'] = 'running'
    const peers = { names: ['plain-js'] as const, open: async () => plainPeer() }
    const host = { runtime: 'browser' as const, browser: browserName(navigator.userAgent), tuning: browserTuning, stage: openStage, peers }
    const listener = {
      progress,
      changed(draft: Draft) {
        shown = draft
        if (performance.now() - drawn > redrawEvery) draw()
      },
    }
    try {
      return await runBench(choice, host, listener, signal)
    } finally {
      draw()
      document.body.dataset['phase'] = 'ready'
    }
  }
  controls({
    run,
    compare(result) {
      other = result
      draw()
    },
  })
  document.body.dataset['phase'] = 'ready'
}

start().catch((error: unknown) => {
  console.warn(error)
  showUnsupported(error)
})
