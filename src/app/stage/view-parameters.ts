/** The parameters of the picture, as lil-gui rows that open from the legend. */
import { computed, type ReadonlySignal } from '@preact/signals'
import type { ViewSettings } from '../../view/types.ts'
import { shareTraining } from '../pacing/frame-budget.ts'
import { Parameters } from '../ui/parameters.ts'
import { t } from '../words/language.ts'

export interface ViewParameters {
  change(settings: Partial<ViewSettings>): void
  /** Share of the time that drawing may take while a run trains, 0 … 1. */
  setDrawingShare(share: number): void
  setEdgesPerLayer(count: number): void
  /** What is drawn of each layer unless a person says otherwise. */
  edgesPerLayer: number
}

const drawingShares = [0.1, 0.3, 0.5]
/** Up to what the selection of edges takes. */
const edgeCounts = [100, 250, 500, 1000, 2000]

/** Fills `container`; follows `batch`, how many samples the neurons can show. */
export function viewParameters(
  container: HTMLElement,
  { change, setDrawingShare, setEdgesPerLayer, edgesPerLayer }: ViewParameters,
  settings: Pick<ViewSettings, 'scale' | 'map' | 'neurons' | 'sample'>,
  batch: ReadonlySignal<number>,
): void {
  const rows = new Parameters(container, () => t('stage.view'))
  rows.choice({
    name: () => t('stage.scale'),
    title: () => t('stage.scaleTitle'),
    options: [
      { value: 'layer', text: () => t('stage.perLayer') },
      { value: 'global', text: () => t('stage.global') },
    ],
    value: settings.scale,
    change: (scale) => change({ scale }),
  })
  rows.choice({
    name: () => t('stage.map'),
    options: (['inferno', 'cividis'] as const).map((value) => ({ value, text: () => value })),
    value: settings.map,
    change: (map) => change({ map }),
  })
  rows.choice({
    name: () => t('stage.neurons'),
    options: [
      { value: 'activation', text: () => t('stage.activation') },
      { value: 'gradient', text: () => t('stage.gradient') },
    ],
    value: settings.neurons,
    change: (neurons) => change({ neurons }),
  })
  const samples = computed(() => Math.max(1, batch.value))
  let sample = settings.sample + 1
  const setSamples = rows.whole({
    name: () => t('stage.sampleName', { count: samples.value }),
    label: () => t('stage.sample'),
    most: samples.peek(),
    value: sample,
    change(value) {
      sample = value
      change({ sample: value - 1 })
    },
  })
  samples.subscribe((count) => {
    if (sample > count) {
      sample = count
      change({ sample: count - 1 })
    }
    setSamples(count, sample)
  })
  rows.choice({
    name: () => t('stage.edgesPerLayerName'),
    label: () => t('stage.edgesPerLayer'),
    title: () => t('stage.edgesPerLayerTitle'),
    options: edgeCounts.map((value) => ({ value, text: () => String(value) })),
    value: edgesPerLayer,
    change: setEdgesPerLayer,
  })
  rows.choice({
    name: () => t('stage.shareName'),
    label: () => t('stage.share'),
    title: () => t('stage.shareTitle'),
    options: drawingShares.map((value) => ({ value, text: () => t('stage.percent', { percent: Math.round(100 * value) }) })),
    value: shareTraining,
    change: setDrawingShare,
  })
}
