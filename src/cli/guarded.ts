import type { Engine } from '../train/engine.ts'

/** Ends with an error as soon as the device is lost or reports a problem that no operation caught. */
export async function guarded<Result>(engine: Engine, work: () => Promise<Result>): Promise<Result> {
  let stop = () => {}
  const broken = new Promise<never>((_, reject) => {
    stop = engine.onError((problem) => reject(new Error(`the GPU reports: ${problem.message}`)))
    void engine.lost.then((reason) => reject(new Error(`the GPU was lost: ${reason}`)))
  })
  try {
    return await Promise.race([work(), broken])
  } finally {
    stop()
    broken.catch(() => {}) // destroying the device resolves `lost` too
  }
}
