/** Which groups of the network at hand stand open: at first as many as there is room for, then as a person has it. */
import type { Observation } from '../../graph/observation.ts'
import { fold, openByDefault, type FoldedObservation } from '../../view/fold.ts'

export class Folds {
  #open = new Set<string>()
  #network = ''

  /** What is shown of a network; one of other columns begins anew. */
  fold(observation: Observation): FoldedObservation {
    const network = observation.columns.map(({ path, label }) => `${path} ${label}`).join('\n')
    if (network !== this.#network) {
      this.#network = network
      this.#open = openByDefault(observation)
    }
    return fold(observation, this.#open)
  }

  toggle(path: string): void {
    if (!this.#open.delete(path)) this.#open.add(path)
  }
}
