/** Which groups of the network are open: at first as many as there is room for, then as a person opens and collapses them. */
import type { Observation } from '../../graph/observation.ts'
import { collapse, openByDefault, type CollapsedObservation } from '../../view/collapse.ts'

export class OpenGroups {
  #open = new Set<string>()
  #network = ''

  /** The network with its other groups collapsed; one with other columns starts with the default. */
  collapse(observation: Observation): CollapsedObservation {
    const network = observation.columns.map(({ path, label }) => `${path} ${label}`).join('\n')
    if (network !== this.#network) {
      this.#network = network
      this.#open = openByDefault(observation)
    }
    return collapse(observation, this.#open)
  }

  toggle(path: string): void {
    if (!this.#open.delete(path)) this.#open.add(path)
  }
}
