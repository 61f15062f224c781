/** Parts of the page that are fetched when they are first asked for. */
import { notice } from './notices.ts'

export function whenLoaded<T>(part: Promise<T>, use: (part: T) => void): void {
  part.then(use, (error: unknown) => {
    console.warn(error)
    notice('A part of the page could not be loaded; check the connection and try again.')
  })
}
