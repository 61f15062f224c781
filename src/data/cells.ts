/** What the text of one cell means. */

/** Whether a cell's text stands for no value: nothing, null, NA, N/A or NaN in any case. */
export const isMissing = (text: string): boolean => /^\s*(?:null|na|n\/a|nan)?\s*$/i.test(text)

/** A decimal number, or null for anything else. */
export function parseNumber(text: string): number | null {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : null
}

const isoDate = /^\s*(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\s*$/

/**
 * A date as ISO 8601 writes it (`2012-01-31`, `2012/1/31`, `2012-01-31T08:30:00Z`), its own clock kept whatever its time zone; null for anything else.
 * Orders of day and month that differ by country are not guessed at.
 */
export function parseDate(text: string): { time: number; hasTime: boolean } | null {
  const match = isoDate.exec(text)
  if (!match) return null
  const [, year, , month, day, hour, minute, second] = match
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0))
  const date = new Date(time)
  const exists =
    date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(hour ?? 0) < 24 && Number(minute ?? 0) < 60
  return exists ? { time, hasTime: hour !== undefined } : null
}
