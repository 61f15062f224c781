/** A node of three's shading language. Its declared types do not follow swizzles, conversions and chains of operators, so here they are not told apart. */
// eslint-disable-next-line typescript/no-explicit-any -- three's declared types cannot follow what is written with it
export type Node = any

/** Not `pow(x, 2)`: WGSL leaves that undefined below 0. */
export const square = (x: Node): Node => x.mul(x)
