/** What the network predicts: a decision boundary, a scatter plot or a confusion matrix, whichever the data allow. */
import type { Dataset } from '../../data/types.ts'
import type { Code } from '../../words/say.ts'
import type { Steps } from '../run/state.ts'
import { inOwnUnits, unitsOf } from '../run/units.ts'
import { replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import { t } from '../words/language.ts'
import { boundaryChart } from './boundary.ts'
import type { Card } from './card.ts'
import { confusionChart, confusionOf } from './confusion.ts'
import { planeOf } from './plane.ts'
import { scatterChart } from './scatter.ts'

type Kind = 'boundary' | 'scatter' | 'confusion'

const kindOf = (dataset: Dataset): Kind => (planeOf(dataset) ? 'boundary' : dataset.train.y instanceof Int32Array ? 'confusion' : 'scatter')

const titles: Record<Kind, Code> = {
  boundary: 'charts.boundary.title',
  scatter: 'charts.scatter.title',
  confusion: 'charts.confusion.title',
}

export const prediction: Card<'plane' | 'evaluation'> = {
  id: 'prediction',
  title: 'charts.prediction.title',
  name: 'charts.prediction.name',
  needs: (dataset) => (planeOf(dataset) ? 'plane' : 'evaluation'),
  make({ body, note, entitle }, { session }) {
    const charts = { boundary: boundaryChart(), scatter: scatterChart(), confusion: confusionChart() }
    let shown: { dataset: Dataset; kind: Kind } | null = null

    const clear = () => {
      if (shown) charts[shown.kind].clear()
      setText(note, '')
    }
    session.state.watch(
      (state) => state.dataset,
      (dataset) => {
        if (!dataset) return
        shown = { dataset, kind: kindOf(dataset) }
        clear()
        entitle(titles[shown.kind])
        replace(body, charts[shown.kind].element)
      },
    )

    return {
      show(frame) {
        if (frame.dataset !== shown?.dataset) return
        const { dataset, outputs } = frame
        if (frame.need === 'plane') charts.boundary.update(dataset, frame.plane, outputs)
        else if (!showOutputs(shown.kind, dataset, outputs)) return
        setText(note, noteOf(frame.steps, frame.need === 'plane' ? null : dataset))
      },
      clear,
    }

    /** Whether they are as many as the samples ask for. */
    function showOutputs(kind: Kind, dataset: Dataset, outputs: Float32Array): boolean {
      const { y } = dataset.test ?? dataset.train
      if (outputs.length !== y.length * (kind === 'confusion' ? dataset.outputs : 1)) return false
      if (kind === 'confusion')
        charts.confusion.update(
          confusionOf(y, outputs, dataset.outputs),
          dataset.classes ?? Array.from({ length: dataset.outputs }, (_, i) => String(i)),
        )
      else charts.scatter.update(inOwnUnits(y, dataset), inOwnUnits(outputs, dataset), unitsOf(dataset))
      return true
    }
  },
}

/** When it was measured, and of which part of the data. */
function noteOf(measured: Steps, dataset: Dataset | null): string {
  const steps = format.steps(measured)
  return dataset ? t(dataset.test ? 'charts.prediction.ofTest' : 'charts.prediction.ofTraining', { steps }) : steps
}
