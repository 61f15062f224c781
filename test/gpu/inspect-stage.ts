/** Inspectors of a network with gradients and weights at will, destroyed after each test. */
import { afterEach } from 'vitest'
import { createInspector, type Inspector } from '../../src/inspect/inspector.ts'
import { fixture, type Fixture } from './view-fixture.ts'

let made: { destroy(): void }[] = []
afterEach(() => {
  for (const thing of made) thing.destroy()
  made = []
})

export async function setUp(...args: Parameters<typeof fixture>) {
  const scene = await fixture(...args)
  made.push(scene)
  return scene
}

export function inspect(scene: Fixture, options?: Parameters<typeof createInspector>[2]) {
  const inspector = createInspector(scene.device, scene.observation, options)
  made.unshift(inspector)
  return inspector
}

export function update(scene: Fixture, inspector: Inspector) {
  const encoder = scene.device.createCommandEncoder()
  inspector.update(encoder)
  scene.device.queue.submit([encoder.finish()])
}
