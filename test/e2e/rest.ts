import type { Page } from 'puppeteer'
import { picture } from './page.ts'

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Waits until the network stands still in the picture: no camera glides, no panel moves it aside. */
export async function untilRests(page: Page): Promise<void> {
  const places = () =>
    page.evaluate(() => {
      const { view } = globalThis.gradscope
      const columns = view.observation?.columns ?? []
      return JSON.stringify(columns.map(({ path }, column) => view.locate({ kind: 'neuron', column, path, index: 0 })))
    })
  let last = ''
  for (let alike = 1; alike < 5;) {
    const now = await places()
    alike = now === last ? alike + 1 : 1
    last = now
    await sleep(250)
  }
}

/** The picture, once it stays as it is: pulses and curves trail behind a run. */
export async function restingPicture(page: Page): Promise<string> {
  let last = ''
  for (let now = await picture(page); now !== last; now = await picture(page)) {
    last = now
    await sleep(500)
  }
  return last
}
