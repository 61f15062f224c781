/** The device is gone (a driver reset, sleep, an engine that was destroyed), and with it all that lay on it. */
export class DeviceLost extends Error {
  override name = 'DeviceLost'
  constructor(reason: string) {
    super(`the GPU device was lost: ${reason}`)
  }
}

/** Milliseconds that a failure waits for the loss that may have caused it: a map is rejected before the device says why. */
const lossFollows = 500

/** Whether the GPU itself may have caused it: a map or a pipeline that was refused, or what a reader made of that. */
function mayTellOfLoss(error: unknown): boolean {
  const { name, cause } = (error ?? {}) as { name?: string; cause?: unknown }
  return cause !== undefined || name === 'OperationError' || name === 'GPUPipelineError'
}

/** What is known of a device's loss, for all that use it: a reaction to `device.lost` is kept as long as the device, so there is one. */
export class DeviceLoss {
  static readonly #known = new WeakMap<GPUDevice, DeviceLoss>()
  readonly #device: GPUDevice
  readonly #listeners = new Set<(loss: DeviceLost) => void>()
  #loss: DeviceLost | undefined
  /** Why the device is going to be lost, where that is known before it says so. */
  expected: string | undefined
  /** Resolves with the reason; never rejects. */
  readonly reason: Promise<string>

  static of(device: GPUDevice): DeviceLoss {
    const known = DeviceLoss.#known.get(device) ?? new DeviceLoss(device)
    DeviceLoss.#known.set(device, known)
    return known
  }

  private constructor(device: GPUDevice) {
    this.#device = device
    this.reason = device.lost.then(({ message, reason }) => {
      const why = this.expected ?? (message || reason || 'unknown reason')
      this.#loss = new DeviceLost(why)
      for (const listener of this.#listeners) listener(this.#loss)
      this.#listeners.clear()
      return why
    })
  }

  get loss(): DeviceLost | undefined {
    return this.#loss
  }

  /** Hears of the loss, or at once where it has happened. Returns the way to stop hearing. */
  onLost(listener: (loss: DeviceLost) => void): () => void {
    if (this.#loss) listener(this.#loss)
    else this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** What `work` comes to, or a rejection with DeviceLost as soon as the device is gone: on a lost device some WebGPU promises never settle. */
  until<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const release = this.onLost(reject)
      const fail = (error: unknown) => {
        release()
        reject(this.#loss ?? (this.expected === undefined ? error : new DeviceLost(this.expected)))
      }
      work.then(
        (result) => {
          release()
          resolve(result)
        },
        (error: unknown) => {
          if (this.#loss || this.expected !== undefined || !mayTellOfLoss(error)) return fail(error)
          // An idle page may not hear of the loss before it asks for something.
          this.#device.queue.onSubmittedWorkDone().catch(() => {})
          setTimeout(fail, lossFollows, error)
        },
      )
    })
  }
}
