import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { projectRoot } from './command.ts'
import { expectNoErrors, openPage, sharedBrowser, untilStep } from './page.ts'

const shared = sharedBrowser()

test('explore serves the page on this machine, which trains there, and ends when told', async () => {
  const child = spawn(process.execPath, [join(projectRoot, 'tools/cli.mjs'), 'explore', '--no-open', '--port', '5391'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  onTestFinished(() => void child.kill('SIGKILL'))
  const address = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (part) => {
      text += part
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)
      if (found) resolve(found[0])
    })
    child.on('close', () => reject(new Error('explore ended')))
  })
  const open = await openPage(shared().context, `${address}?preset=moons`)
  await untilStep(open.page, 3)
  expect(await open.page.$eval('[data-preset=moons]', (tile) => tile.getAttribute('aria-checked'))).toBe('true')
  expectNoErrors(open)
  child.kill('SIGINT')
  expect(await ended).toBe(0)
})
