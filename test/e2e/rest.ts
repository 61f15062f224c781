import type { Page } from 'puppeteer'
import { picture } from './page.ts'

/** Looks at the picture that find it alike, one after another, and the milliseconds between two. */
const [looks, between] = [5, 200]

/** Waits until the picture stands still, and so whatever trails behind a run: pulses, curves, a camera that glides. */
export async function untilRests(page: Page): Promise<void> {
  let last = ''
  for (let alike = 1; alike < looks;) {
    const now = await picture(page)
    alike = now === last ? alike + 1 : 1
    last = now
    await new Promise((resolve) => setTimeout(resolve, between))
  }
}
