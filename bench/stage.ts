import type { Stage } from '../src/cli/host.ts'

/** The 3D view on a canvas that nobody sees. */
export async function openStage(device: GPUDevice, width: number, height: number): Promise<Stage> {
  const { createView } = await import('../src/view/view.ts')
  const view = await createView(new OffscreenCanvas(width, height), device)
  let shown = 0
  return {
    show: (observation, inspector) => view.show(observation, inspector),
    render(scale, choose) {
      if (scale !== shown) view.resize(width, height, scale)
      shown = scale
      view.render({ choose })
    },
    dispose: () => view.dispose(),
  }
}
