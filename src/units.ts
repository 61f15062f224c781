/** Sizes as people read them. */

const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** Three digits and a decimal unit. */
export function bytesText(value: number): string {
  let power = 0
  while (value >= 1000 && power < units.length - 1) {
    value /= 1000
    power++
  }
  return `${power === 0 ? value : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${units[power]}`
}
