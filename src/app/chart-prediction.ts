/** The card that shows what the network says: decision boundary, scatter plot or confusion matrix, whichever the data allows. */
import type { Dataset } from '../data/types.ts'
import type { Trainer } from '../train/types.ts'
import { card } from './card.ts'
import { boundaryChart, planeOf, type Plane } from './chart-boundary.ts'
import { confusionChart, confusionOf } from './chart-confusion.ts'
import { scatterChart } from './chart-scatter.ts'
import { replace, setText } from './dom.ts'

export interface PredictionCard {
  readonly seen: boolean
  show(dataset: Dataset): void
  /** Asks the trainer and draws. */
  update(trainer: Trainer): Promise<void>
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

  return {
    get seen() {
      return own.seen
    },
    show(next) {
      if (next === dataset) return
      dataset = next
      kind = kindOf(next)
      plane = kind === 'boundary' ? planeOf(next) : null
      setText(own.title, { boundary: 'Decision boundary', scatter: 'Prediction and target', confusion: 'Confusion matrix' }[kind])
      setText(
        own.note,
        kind === 'boundary' ? (next.test ? 'filled: train · hollow: test' : '') : `${next.test ? 'test' : 'training'} samples`,
      )
      replace(own.body, charts[kind].element)
    },
    async update(trainer) {
      const now = dataset
      if (!now) return
      if (plane) {
        const outputs = await trainer.predict(plane.grid)
        if (now === dataset && plane) charts.boundary.update(now, plane, outputs)
        return
      }
      const part = now.test ? 'test' : 'train'
      const { y } = now.test ?? now.train
      const outputs = await trainer.outputs(part)
      if (now !== dataset) return
      if (kind === 'scatter') charts.scatter.update(y, outputs)
      else
        charts.confusion.update(
          confusionOf(y, outputs, now.outputs),
          now.classes ?? Array.from({ length: now.outputs }, (_, i) => String(i)),
        )
    },
  }
}
