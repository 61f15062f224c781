/** The parameters of the picture, as lil-gui rows that open from the legend. */
import { computed, type ReadonlySignal } from '@preact/signals'
import type { Display } from '../run/display.ts'
import { Parameters } from '../ui/parameters.ts'
import { t } from '../words/language.ts'

interface ViewParameters {
  shown: ReadonlySignal<Display>
  change(changed: Partial<Display>): void
  /** Samples in the batch that the neurons can show. */
  batch: ReadonlySignal<number>
  /** What is drawn of each layer unless a person says otherwise. */
  edges: number
}

const drawingShares = [0.1, 0.3, 0.5]
/** Up to what the selection of edges takes. */
const edgeCounts = [100, 250, 500, 1000, 2000]

export function viewParameters(container: HTMLElement, { shown, change, batch, edges }: ViewParameters): void {
  const rows = new Parameters(container, () => t('stage.view'))
  /** One parameter: a row follows its own alone. */
  const of = <K extends keyof Display>(key: K) => {
    const value = computed(() => shown.value[key])
    return () => value.value
  }
  rows.choice({
    name: () => t('stage.scale'),
    title: () => t('stage.scaleTitle'),
    options: [
      { value: 'layer', text: () => t('stage.perLayer') },
      { value: 'global', text: () => t('stage.global') },
    ],
    value: of('scale'),
    change: (scale) => change({ scale }),
  })
  rows.choice({
    name: () => t('stage.map'),
    options: (['inferno', 'cividis'] as const).map((value) => ({ value, text: () => value })),
    value: of('map'),
    change: (map) => change({ map }),
  })
  rows.choice({
    name: () => t('stage.neurons'),
    options: [
      { value: 'activation', text: () => t('stage.activation') },
      { value: 'gradient', text: () => t('stage.gradient') },
    ],
    value: of('neurons'),
    change: (neurons) => change({ neurons }),
  })
  const sample = of('sample')
  rows.whole({
    name: () => t('stage.sampleName', { count: batch.value }),
    label: () => t('stage.sample'),
    most: () => batch.value,
    value: () => sample() + 1,
    change: (value) => change({ sample: value - 1 }),
  })
  const drawn = of('edgesPerLayer')
  rows.choice({
    name: () => t('stage.edgesPerLayerName'),
    label: () => t('stage.edgesPerLayer'),
    title: () => t('stage.edgesPerLayerTitle'),
    options: edgeCounts.map((value) => ({ value, text: () => String(value) })),
    value: () => drawn() ?? edges,
    change: (edgesPerLayer) => change({ edgesPerLayer }),
  })
  rows.choice({
    name: () => t('stage.shareName'),
    label: () => t('stage.share'),
    title: () => t('stage.shareTitle'),
    options: drawingShares.map((value) => ({ value, text: () => t('stage.percent', { percent: Math.round(100 * value) }) })),
    value: of('drawingShare'),
    change: (drawingShare) => change({ drawingShare }),
  })
}
