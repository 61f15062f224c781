import type { Library, PeerTraining } from './peer.ts'

/** Steps of one of TensorFlow.js's optimizers on `loss`, which makes its tape anew each time. `held`: what else is on the GPU. */
export function minimizing(
  tf: Library,
  optimizer: Library,
  loss: () => Library,
  variables: readonly Library[],
  held: readonly Library[],
): PeerTraining {
  return {
    async losses(count) {
      const found: number[] = []
      for (let i = 0; i < count; i++) {
        const value = optimizer.minimize(loss, true)
        found.push((await value.data())[0])
        value.dispose()
      }
      return found
    },
    issue(count) {
      for (let i = 0; i < count; i++) optimizer.minimize(loss)
    },
    finish: async () => (await variables.at(-1).data())[0],
    destroy: () => tf.dispose([...held, ...variables, optimizer]),
  }
}
