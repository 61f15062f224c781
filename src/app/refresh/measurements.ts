/** How each of the cards' needs is met: at once from what the run tells, or by a measurement at its pace, within its share of the time. */
import type { Trainer } from '../../train/types.ts'
import type { Frame } from '../charts/card.ts'
import { planeOf } from '../charts/plane.ts'
import type { Rail } from '../charts/rail.ts'
import { Lane, type Measurement } from '../pacing/lanes.ts'
import { hasArrived } from '../run/arrivals.ts'
import { runEvaluates } from '../run/describe.ts'
import type { Session } from '../run/session.ts'
import type { Steps } from '../run/state.ts'
import type { Stage } from '../stage/stage.ts'
import { DepthReading } from './depth-reading.ts'

/** What the run tells with each step; null: there is no run yet. */
export const told = {
  curves: ({ state }: Session): Frame | null => ({ need: 'curves', state: state.value }),
  cost: ({ state, trainer }: Session): Frame | null =>
    trainer && { need: 'cost', cost: trainer.cost, stepsPerSecond: state.value.live.stepsPerSecond },
}
export type Told = keyof typeof told

interface Measured {
  session: Session
  stage: Stage
  rail: Rail
  /** Reads what the picture shows in numbers. */
  readPicture(): Promise<void>
  /** The test part was evaluated: figures and curves have changed. */
  onTested(): void
}

/** Those that read buffers of what is shown, and those that take samples through the network. */
export function lanes({ session, stage, rail, readPicture, onTested }: Measured): { reading: Lane; evaluating: Lane } {
  const depth = new DepthReading(session)
  const trainerAtHand = () => session.trainer

  /** Measures the trainer and shows what was found, and between which steps; not where it is of parameters that are gone. */
  const measured = async <T>(trainer: Trainer, measure: () => Promise<T>, show: (found: T, steps: Steps) => void): Promise<void> => {
    const { generation } = session.runner
    const first = trainer.step
    const found = await measure()
    const steps = { first, last: trainer.step }
    await session.beat.paint(() => {
      if (trainer === session.trainer && generation === session.runner.generation) show(found, steps)
    })
  }

  const picture: Measurement = { interval: 200, share: 0.4, wanted: () => true, run: readPicture }

  const statistics: Measurement = {
    interval: 120,
    share: 0.4,
    wanted: () => stage.hasStatistics && rail.wants('statistics'),
    async run(trainer) {
      const { inspector } = stage
      if (!inspector) return
      stage.inspect(inspector, true)
      await measured(
        trainer,
        () => inspector.read(),
        // Before the first step nothing was computed: the buffers' zeros say nothing.
        (found, { first }) => rail.show({ need: 'statistics', statistics: found, layers: trainer.model.layers, hasGradient: first > 0 }),
      )
    },
  }

  const comparison: Measurement = {
    interval: 250,
    share: 0.3,
    wanted: () => depth.isDue && rail.wants('comparison'),
    at: () => depth.steps,
    run: (trainer) =>
      measured(
        trainer,
        () => depth.norms(),
        (norms) => rail.show({ need: 'comparison', norms }),
      ),
  }

  const plane: Measurement = {
    interval: 250,
    share: 0.25,
    wanted: () => rail.wants('plane'),
    async run(trainer) {
      const { dataset } = session.state.value
      const covered = dataset && planeOf(dataset)
      if (!covered) return
      await measured(
        trainer,
        () => trainer.predict(covered.grid),
        (outputs, steps) => rail.show({ need: 'plane', dataset, plane: covered, outputs, steps }),
      )
    },
  }

  /** The numbers and the outputs of the test part (or, without one, the outputs of the training part) come from the same pass. */
  const evaluation: Measurement = {
    interval: 400,
    share: 0.15,
    wanted() {
      const { dataset } = session.state.value
      if (!dataset || !hasArrived(dataset.test ?? dataset.train)) return false
      return (dataset.test !== undefined && !runEvaluates(session.state.value)) || rail.wants('evaluation')
    },
    async run(trainer) {
      const { dataset } = session.state.value
      if (!dataset) return
      await measured(
        trainer,
        () => trainer.evaluate(dataset.test ? 'test' : 'train', { outputs: rail.needs('evaluation') }),
        (found) => {
          const steps = { first: found.step, last: found.step }
          if (found.outputs) rail.show({ need: 'evaluation', dataset, outputs: found.outputs, steps })
          if (!dataset.test) return
          session.runner.tested(found)
          onTested()
        },
      )
    },
  }

  return {
    reading: new Lane(trainerAtHand, [picture, statistics, comparison]),
    // These take perhaps the whole test part; a trainer that goes ends them.
    evaluating: new Lane(trainerAtHand, [plane, evaluation]),
  }
}
