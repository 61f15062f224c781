/** Equality of plain data, whatever the order of its keys; a key that is undefined counts as absent. */

/** Text that is equal for equal data. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? 'undefined'

export const same = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b)
