/** Parts of English sentences. */
const plural = new Intl.PluralRules('en')

export const listed = (items: readonly string[]): string => items.join(', ')

/** `1 row`, `2 rows`; `many` where it is no `s` that makes the plural. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${plural.select(count) === 'one' ? one : many}`
