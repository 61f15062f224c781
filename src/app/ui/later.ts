/** Parts of the page that are fetched when they are first asked for. */
import { t } from '../words/language.ts'
import { notice } from './notices.ts'

export function whenLoaded<T>(part: Promise<T>, use: (part: T) => void): void {
  part.then(use, (error: unknown) => {
    console.warn(error)
    notice(t('page.partNotLoaded'))
  })
}
