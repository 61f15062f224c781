import { flatWorkgroups } from '../gpu/kernel.ts'
import type { Defines } from '../gpu/preprocess.ts'

/** Threads a workgroup of kernels whose threads work alone. */
export const workgroupSize = 64

/** How an elementwise kernel walks `count` numbers: four a thread where they divide by four, else one. */
export function elementwise(count: number): { elements: number; defines: Defines; workgroups: [number, number, number] } {
  const vector = count % 4 === 0
  const elements = vector ? count / 4 : count
  return { elements, defines: elementDefines(vector), workgroups: flatWorkgroups(elements, workgroupSize) }
}

export function elementDefines(vector: boolean): Defines {
  return { WORKGROUP: workgroupSize, ELEMENT: vector ? 'vec4f' : 'f32', VECTOR: vector }
}
