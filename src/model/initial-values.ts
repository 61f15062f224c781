/** How one parameter begins: uniform in [minimum, maximum), normal around 0, or the same everywhere. */
export type InitialValues =
  { kind: 'uniform'; minimum: number; maximum: number } | { kind: 'normal'; deviation: number } | { kind: 'constant'; value: number }
