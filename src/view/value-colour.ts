import { abs, clamp, exp, float, floor, log2, max, mix, select, smoothstep, uint, uintBitsToFloat, vec3 } from 'three/tsl'
import { tableRows, weakestShown } from './colour.ts'
import type { Buffers, Uniforms } from './picture.ts'
import { square, type Node } from './tsl.ts'

/** Colour of the value at a place of `values`, on the scale of its column: its activation or, where the uniforms say so, its ∂L/∂activation. */
export function valueColour(buffers: Buffers, uniforms: Uniforms, place: Node, column: Node, isInput: Node): Node {
  const bits: Node = buffers.values.element(place.add(uniforms.kind.mul(uniforms.valueCount))).toVar()
  const nonFinite: Node = bits.bitAnd(uint(0x7fffffff)).greaterThanEqual(uint(0x7f800000))
  const scaleOf: Node = select(uniforms.global.equal(uint(1)), uniforms.columnCount, column)
  const range: Node = max(buffers.scales.element(uniforms.kind.mul(uniforms.columnCount.add(uint(1))).add(scaleOf)), 1.2e-38).toVar()
  const value: Node = (uintBitsToFloat as Node)(select(nonFinite, uint(0), bits)).toVar()
  const gradient: Node = uniforms.kind.equal(uint(1)).toVar()
  // Activations on a linear scale; gradients, like those of the edges, on a logarithmic one.
  const below: Node = log2(range.x.div(max(abs(value), 1.2e-38))).div(max(log2(range.x.div(range.y)), 1e-3))
  const strength: Node = clamp(float(1).sub(below), 0, 1)
    .mul(1 - weakestShown)
    .add(weakestShown)
  const share: Node = select(gradient, strength.mul(select(value.lessThan(0), -1, 1)), clamp(value.div(range.x), -1, 1))
  // The input has no gradient: the middle of the map.
  const isZero: Node = bits.bitAnd(uint(0x7fffffff)).equal(uint(0))
  const shown: Node = select(gradient.and(isInput), float(0), share)
  const row: Node = (uint(floor(shown.mul(0.5).add(0.5).mul(256))) as Node).min(uint(255)).add(uint(tableRows.diverging))
  const finite: Node = select(gradient.and(isZero).and(isInput.not()), uint(tableRows.zero), row)
  return buffers.colours.element(select(nonFinite, uint(tableRows.nonFinite), finite)).xyz
}

/** The colour as a slowly played step shows it: a layer lights up as the front passes its depth. */
export function played(uniforms: Uniforms, colour: Node, depth: Node): Node {
  const reached: Node = smoothstep(-0.35, 0, uniforms.front.sub(depth))
  const front: Node = exp(square(depth.sub(uniforms.front).div(0.16)).negate()).mul(0.35)
  const light: Node = select(uniforms.direction.greaterThan(0), mix(0.22, 1, reached), float(1))
  return select(uniforms.direction.equal(0), colour, colour.mul(light).add(vec3(front)))
}
