/** Parameter paths in a reader's words. */

/** `layers.0.weight` → `1 weight`, counting layers from 1 as the rail does; nested ones keep their numbers: `4·2 bias`. */
export function layerName(path: string): string {
  const parts = path.split('.')
  const parameter = parts.at(-1) ?? ''
  const numbers = parts.filter((part) => /^\d+$/.test(part)).map((part) => Number(part) + 1)
  const known = parameter === 'weight' || parameter === 'bias' ? parameter : parameter.replace('running_', '')
  return numbers.length > 0 ? `${numbers.join('·')} ${known}` : path
}
