export interface Owned {
  destroy(): void
}
/** Takes what is destroyed where making the whole fails. */
export type Own = <Part extends Owned>(part: Part) => Part

/**
 * Makes something of several parts. Where that fails, those handed to `own` are destroyed, so that the memory is there for another, smaller try; `parts`
 * are all of them.
 */
export async function ownedWhile<Whole>(make: (own: Own, parts: readonly Owned[]) => Promise<Whole>): Promise<Whole> {
  const parts: Owned[] = []
  let failed = false
  try {
    return await make((part) => {
      if (failed)
        part.destroy() // it was on its way when another failed
      else parts.push(part)
      return part
    }, parts)
  } catch (error) {
    failed = true
    for (const part of parts) part.destroy()
    throw error
  }
}
