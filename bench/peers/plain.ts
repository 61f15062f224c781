import { PlainNetwork } from '../plain-network.ts'
import type { Peer } from './peer.ts'

/** Plain JavaScript on typed arrays: what any engine must beat on small networks. */
export const plainPeer = (): Peer => ({
  engine: 'plain-js',
  async training(task) {
    const network = new PlainNetwork(task)
    return {
      losses: async (count) => network.losses(count),
      issue(count) {
        for (let i = 0; i < count; i++) network.step()
      },
      finish: async () => network.loss(),
      destroy() {},
    }
  },
})
