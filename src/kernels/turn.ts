/** Work whose time is measured has the device to itself: what runs beside it on the same queue would be measured with it. */
const last = new WeakMap<GPUDevice, Promise<unknown>>()

/** Runs `work` once all that was handed in before for this device has settled. Work that waits for other work of its own device never ends. */
export function inTurn<Result>(device: GPUDevice, work: () => Promise<Result>): Promise<Result> {
  const result = (last.get(device) ?? Promise.resolve()).then(work)
  last.set(
    device,
    result.catch(() => {}),
  )
  return result
}
