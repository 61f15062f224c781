/** Parts of the page that are fetched when they are first asked for. */
import { message } from '../../words/say.ts'
import { notice } from './notices.ts'

export function whenLoaded<T>(part: Promise<T>, use: (part: T) => void): void {
  part.then(use, (error: unknown) => {
    console.warn(error)
    notice(message('page.partNotLoaded'))
  })
}
