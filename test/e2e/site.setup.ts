import { execFile } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'puppeteer'
import type { TestProject } from 'vitest/node'
import { launchBrowser } from '../../tools/browser.mjs'
import { root } from '../../tools/vite.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the build is served and the browser is told of, without a path. */
    site: string
  }
}

const run = promisify(execFile)

/** Below the root, as a static host may serve it. */
const sitePath = '/people/ada/gradscope/'
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' }

/**
 * One production build for all e2e tests, and one browser for each worker, made when a test first asks: `GET /browser?worker=N` answers with
 * the browser's WebSocket address and the site's, once both are there. A browser that has crashed is launched anew.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'gradscope-'))
  // Vite's cache for headless pages: two commands that start at once without it disturb each other.
  if (!existsSync(join(root, 'node_modules/.vite-headless')))
    await run(process.execPath, [join(root, 'tools/cli.mjs'), 'train', '--preset', 'xor', '--steps', '1', '--out', join(folder, 'run')])
  let built: Promise<unknown> | undefined
  const browsers = new Map<string, Promise<Browser>>()
  const build = () => {
    const words = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--emptyOutDir']
    // Vitest's own NODE_ENV would build something else.
    return run(process.execPath, words, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } })
  }

  async function answer({ pathname: asked, search }: URL, response: ServerResponse): Promise<void> {
    built ??= build()
    if (asked === '/browser') {
      if (!(await browsers.get(search))?.connected) browsers.set(search, launchBrowser())
      const [opened] = await Promise.all([browsers.get(search)!, built])
      return void response.end(JSON.stringify({ endpoint: opened.wsEndpoint(), address: server + sitePath }))
    }
    await built
    const file = join(folder, asked.startsWith(sitePath) ? asked.slice(sitePath.length) || 'index.html' : '..')
    if (!asked.startsWith(sitePath) || !existsSync(file)) return void response.writeHead(404).end()
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
    createReadStream(file).pipe(response)
  }

  const http = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://localhost'), response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error))
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const server = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  project.provide('site', server)

  return async () => {
    for (const browser of browsers.values()) await (await browser.catch(() => undefined))?.close()
    await built?.catch(() => undefined)
    http.closeAllConnections()
    http.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
