import { inEnglish } from '../words/english.ts'
import { tableRows } from './colour.ts'
import type { Uniforms } from './picture.ts'
import type { ViewSettings } from './types.ts'

export const defaultSettings: ViewSettings = {
  scale: 'layer',
  map: 'inferno',
  neurons: 'activation',
  sample: 0,
  flow: null,
  flowing: false,
  insets: { left: 0, right: 0, top: 0, bottom: 0 },
  say: inEnglish,
}

/** Tells the shaders the settings; `depth` is that of the network shown. */
export function applySettings(uniforms: Uniforms, { scale, map, neurons, flow }: ViewSettings, depth: number) {
  uniforms.global.value = scale === 'global' ? 1 : 0
  uniforms.map.value = tableRows[map]
  uniforms.kind.value = neurons === 'gradient' ? 1 : 0
  uniforms.direction.value = flow === null ? 0 : flow < 0.5 ? 1 : -1
  // From a little before the first layer to a little behind the last, and back.
  const share = flow === null ? 0 : flow < 0.5 ? 2 * flow : 2 - 2 * flow
  uniforms.front.value = -0.2 + share * (depth + 0.4)
}
