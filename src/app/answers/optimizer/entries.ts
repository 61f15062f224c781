/** What trains, as the table and the chart of the optimizer tab show it. */
import type { Contestant } from '../../../answers/contest.ts'
import { message } from '../../../words/say.ts'
import { smoothed } from '../../../answers/smoothed.ts'
import { descriptionsOf, shownOf, titlesOf } from '../../run/experiments.ts'
import type { Session } from '../../run/session.ts'

export interface Entry extends Contestant {
  /** 0: the run itself. */
  index: number
  rate: number
  testLoss: number | null
  testAccuracy: number | null
  step: number
  isShown: boolean
  /** Its losses as they are drawn. */
  curve: { x: readonly number[]; y: readonly (number | null)[] }
}

export function contestantsOf({ state, trainers, tracks }: Session): Entry[] {
  const { running } = state.value
  if (!running?.experiments) return []
  const titles = titlesOf(running.experiments)
  const shown = shownOf(running)
  if (descriptionsOf(running).length !== trainers.length) return []
  return trainers.map((trainer, index) => {
    const { loss, reached, secondsPerStep, testLoss, testAccuracy } = tracks.of(trainer)
    return {
      index,
      title: titles[index] ?? message('experiments.run'),
      steps: reached.steps,
      loss: reached.loss,
      curve: { x: loss.x.slice(), y: smoothed(loss.y) },
      secondsPerStep,
      flopsPerStep: trainer.cost.flopsPerStep,
      optimizerBytes: trainer.cost.optimizerBytes,
      rate: trainer.learningRate,
      testLoss,
      testAccuracy,
      step: trainer.step,
      isShown: index === shown,
    }
  })
}
