/** The card that shows what the network says: decision boundary, scatter plot or confusion matrix, whichever the data allows. */
import type { Dataset } from '../../data/types.ts'
import { card } from '../ui/card.ts'
import { boundaryChart, planeOf, type Plane } from './boundary.ts'
import { confusionChart, confusionOf } from './confusion.ts'
import { scatterChart } from './scatter.ts'
import { replace, setText } from '../ui/dom.ts'
import * as format from '../words/format.ts'
import type { Steps } from '../run/state.ts'
import { inOwnUnits, unitsOf } from '../run/units.ts'

export interface PredictionCard {
  readonly seen: boolean
  /** The points whose outputs the decision boundary is drawn from; null where the samples' own outputs are shown. */
  readonly plane: Plane | null
  show(dataset: Dataset): void
  showPlane(outputs: Float32Array, steps: Steps): void
  /** Of the test part, or of the training part where there is none. */
  showOutputs(outputs: Float32Array, steps: Steps): void
  /** What was shown is of a run that is gone. */
  clear(): void
}

type Kind = 'boundary' | 'scatter' | 'confusion'

/** Binary targets in numbers count as classes in the plane. */
function kindOf(dataset: Dataset): Kind {
  const classes = dataset.train.y instanceof Int32Array
  const plane = dataset.inputShape.length === 1 && dataset.inputShape[0] === 2
  if (plane && (classes || (dataset.outputs === 1 && dataset.train.y.every((value) => value === 0 || value === 1)))) return 'boundary'
  return classes ? 'confusion' : 'scatter'
}

export function predictionCard(): PredictionCard {
  const own = card('card-prediction', 'Prediction')
  const charts = { boundary: boundaryChart(), scatter: scatterChart(), confusion: confusionChart() }
  let dataset: Dataset | null = null
  let kind: Kind = 'scatter'
  let plane: Plane | null = null
  const noted = (steps: Steps | null) => {
    const what = plane ? '' : dataset?.test ? 'test · ' : 'training · '
    setText(own.note, steps ? `${what}${format.steps(steps)}` : '')
  }

  return {
    get seen() {
      return own.seen
    },
    get plane() {
      return plane
    },
    show(next) {
      if (next === dataset) return
      dataset = next
      kind = kindOf(next)
      plane = kind === 'boundary' ? planeOf(next) : null
      setText(own.title, { boundary: 'Decision boundary', scatter: 'Prediction and target', confusion: 'Confusion matrix' }[kind])
      noted(null)
      charts[kind].clear()
      replace(own.body, charts[kind].element)
    },
    showPlane(outputs, steps) {
      if (!dataset || !plane) return
      charts.boundary.update(dataset, plane, outputs)
      noted(steps)
    },
    showOutputs(outputs, steps) {
      if (!dataset || plane) return
      const { y } = dataset.test ?? dataset.train
      if (outputs.length !== y.length * (kind === 'confusion' ? dataset.outputs : 1)) return
      if (kind === 'confusion')
        charts.confusion.update(
          confusionOf(y, outputs, dataset.outputs),
          dataset.classes ?? Array.from({ length: dataset.outputs }, (_, i) => String(i)),
        )
      else charts.scatter.update(inOwnUnits(y, dataset), inOwnUnits(outputs, dataset), unitsOf(dataset))
      noted(steps)
    },
    clear() {
      charts[kind].clear()
      noted(null)
    },
  }
}
