/** The test part of networks that train beside the run: while they train, that of the run alone is evaluated. */
import { hasArrived } from '../../run/arrivals.ts'
import type { Session } from '../../run/session.ts'

/** To be asked now and then: where nothing trains, those that were not tested at their step are, one after another. */
export function testerAtRest(session: Session): () => void {
  let isBusy = false
  const next = () => {
    const { playing, dataset } = session.state.value
    if (playing || !dataset?.test || !hasArrived(dataset.test)) return undefined
    return session.trainers.find((trainer) => trainer.step > 0 && session.tracks.of(trainer).testedStep !== trainer.step)
  }
  const test = async () => {
    for (let trainer = next(); trainer; trainer = next()) session.tracks.of(trainer).tested(await trainer.evaluate('test'))
  }
  return () => {
    if (isBusy) return
    isBusy = true
    test()
      .catch(() => {}) // a trainer that has gone meanwhile has nothing to tell
      .finally(() => (isBusy = false))
  }
}
