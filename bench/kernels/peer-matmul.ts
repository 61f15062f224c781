import type { PeerMatmul } from '../peers/peer.ts'
import type { SuiteContext } from '../suites/context.ts'

/** The peers' own product of a shape's name, for those with neither side transposed; one that fails is noted and left out. */
export async function peerMatmuls(context: SuiteContext, name: string): Promise<(PeerMatmul & { engine: string })[]> {
  const size = /^matmul-nn-(\d+)x(\d+)x(\d+)$/.exec(name)?.slice(1).map(Number)
  const found: (PeerMatmul & { engine: string })[] = []
  if (!size) return found
  for (const peer of await context.peers()) {
    const [m, n, k] = size as [number, number, number]
    try {
      const matmul = await peer.matmul?.(m, n, k)
      if (matmul) found.push(Object.assign(matmul, { engine: peer.engine }))
    } catch (error) {
      context.note(`${peer.engine} failed at ${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return found
}
