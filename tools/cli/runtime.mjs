// @ts-check
// Runs a task of src/cli where the GPU is: in the found browser, headless, or in this process on dawn.node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createServer } from 'vite'
import { adapterIn } from '../browser-adapter.mjs'
import { machineVulkanEnv, openBrowser, softwareVulkanEnv } from '../browser.mjs'
import { adapterOn, lookWithDawn } from '../dawn-adapter.mjs'
import { decodeInNode } from '../decode-node.mjs'
import { adapterLine, askedGpu, chooseGpu } from '../gpu-choice.mjs'
import { inNode } from '../in-node.mjs'
import { dawnFolder, dawnVersion, installDawn } from '../native.mjs'
import { plugins, root, viteConfig } from '../vite.mjs'
import { firstStepMeter } from './first-step.mjs'
import { CallError } from './options.mjs'
import { isolation, nodePeers, peersPlugin } from './peers.mjs'
import { tuningFile } from './tuning-file.mjs'

/** @typedef {import('../../src/cli/host.ts').Host} Host */
/** @typedef {import('../../src/cli/tasks.ts').Tasks} Tasks */
/** What a task asks of the command: its files, a place for its output, and an ear. @typedef {Pick<Host, 'source' | 'write' | 'report'>} Desk */

export const runtimeOption = {
  value: 'browser|dawn',
  choices: ['browser', 'dawn'],
  help: 'where the GPU is used: a headless browser (default), or Node',
}

/** Where a call runs, by its options. @typedef {{ runtime?: 'browser' | 'dawn', gpu?: import('../gpu-choice.mjs').GpuKind }} Place */

/**
 * Vulkan's drivers and their library path must be known from the start of a process, so dawn runs in a child.
 * Throws a CallError where the call asks for a GPU and there is none.
 * @param {Place} place @returns {Promise<number | undefined>} exit status of the child; undefined in the child itself, or where none is needed
 */
export async function inDawnChild({ runtime, gpu }) {
  if (runtime !== 'dawn' || process.env['GRADSCOPE_CHILD']) return undefined
  const env = { ...process.env, ...(await vulkanEnv(askedGpu(gpu))), GRADSCOPE_CHILD: '1' }
  const { status, signal } = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env })
  if (signal) throw new Error(`the run on dawn.node was ended by ${signal}.`)
  return status ?? 1
}

/** @param {import('../gpu-choice.mjs').Asked} asked @returns {Promise<Record<string, string>>} */
async function vulkanEnv(asked) {
  const machine = machineVulkanEnv()
  let found = false
  const gpu = await chooseGpu(asked, async () => {
    dawnFolder() // installed here, where one sees it
    const answer = lookWithDawn(machine)
    found = answer.adapter !== undefined
    return answer
  })
  // A driver that the user has named is taken though it computes in software.
  const named = process.env['VK_DRIVER_FILES'] || process.env['VK_ICD_FILENAMES']
  return gpu === 'hardware' || (found && named) ? machine : softwareVulkanEnv()
}

/** What a command does to the network, for the line that says where. @type {Record<keyof Tasks, string>} */
const work = {
  train: 'training',
  rate: 'testing rates',
  sweep: 'sweeping',
  verify: 'verifying',
  bench: 'measuring',
  shaders: 'compiling',
  checkTrain: 'checking',
  checkSweep: 'checking',
  compare: 'comparing',
  checkCompare: 'checking',
}

/**
 * Runs a task where the call says; its first report is a note that tells on which adapter.
 * @template {keyof Tasks} Name
 * @param {Place} place @param {Name} name @param {Parameters<Tasks[Name]>[0]} job @param {Desk} desk
 * @returns {Promise<Awaited<ReturnType<Tasks[Name]>>>}
 */
export async function runTask({ runtime = 'browser', gpu }, name, job, desk) {
  const asked = askedGpu(gpu)
  /** @type {string | undefined} */
  let line
  // Not before something happens: input that is refused is told in one sentence.
  const tellAdapter = () => {
    if (line !== undefined) void desk.report({ kind: 'note', text: line })
    line = undefined
  }
  const meet = (/** @type {import('../gpu-choice.mjs').Found} */ { adapter }) => {
    if (adapter) line = adapterLine(work[name], asked, adapter, runtime)
  }
  /** @type {Desk} */
  const told = {
    ...desk,
    report: (event) => {
      tellAdapter()
      return desk.report(event)
    },
  }
  try {
    return await (runtime === 'dawn' ? runOnDawn(name, job, told, meet) : runInBrowser(name, job, told, meet, gpu))
  } catch (error) {
    if (!(error instanceof CallError)) tellAdapter()
    throw error
  }
}

/** @typedef {(found: import('../gpu-choice.mjs').Found) => void} Meet hears of the adapter before the task begins */

/** Refuses bad input before a browser is opened. @param {Parameters<Tasks['checkTrain']>[0]} job @param {Desk} desk */
export const checkTrain = (job, desk) => runInNode('checkTrain', job, { ...desk, runtime: 'dawn', browser: `Node ${process.version}` })

/** The same of the changes that are compared. @param {Parameters<Tasks['checkCompare']>[0]} job @param {Desk} desk */
export const checkCompare = (job, desk) => runInNode('checkCompare', job, { ...desk, runtime: 'dawn', browser: `Node ${process.version}` })

/** The same of a sweep's axes. @param {Parameters<Tasks['checkSweep']>[0]} job @param {Desk} desk */
export const checkSweep = (job, desk) => runInNode('checkSweep', job, { ...desk, runtime: 'dawn', browser: `Node ${process.version}` })

/**
 * @template {keyof Tasks} Name
 * @param {Name} name @param {Parameters<Tasks[Name]>[0]} job @param {Desk} desk @param {Meet} meet
 * @returns {Promise<Awaited<ReturnType<Tasks[Name]>>>}
 */
async function runOnDawn(name, job, desk, meet) {
  const gpu = await installDawn()
  meet(await adapterOn(gpu))
  const peers = 'peers' in job && job.peers ? { peers: await nodePeers() } : {}
  const browser = `dawn.node ${dawnVersion()}, Node ${process.version}`
  return runInNode(name, job, { ...desk, runtime: 'dawn', browser, gpu, decode: decodeInNode, ...peers })
}

/**
 * @template {keyof Tasks} Name
 * @param {Name} name @param {Parameters<Tasks[Name]>[0]} job @param {Host} host
 * @returns {Promise<Awaited<ReturnType<Tasks[Name]>>>}
 */
async function runInNode(name, job, host) {
  const outcome = await inNode(join(root, 'src/cli/tasks.ts'), (/** @type {typeof import('../../src/cli/tasks.ts')} */ tasks) =>
    tasks.runTask(name, job, { tuning: tuningFile(), ...host }),
  )
  return settle(outcome)
}

/** @template Result @param {import('../../src/cli/host.ts').Outcome<Result>} outcome @returns {Result} */
function settle(outcome) {
  if (!('badInput' in outcome)) return outcome.result
  if (outcome.badInput) throw new CallError(outcome.message)
  throw new Error(process.env['GRADSCOPE_DEBUG'] ? outcome.stack : outcome.message)
}

/**
 * @template {keyof Tasks} Name
 * @param {Name} name @param {Parameters<Tasks[Name]>[0]} job @param {Desk} desk @param {Meet} meet @param {Place['gpu']} option
 * @returns {Promise<Awaited<ReturnType<Tasks[Name]>>>}
 */
async function runInBrowser(name, job, desk, meet, option) {
  const server = await createServer({
    ...viteConfig(),
    plugins: [...plugins(), deskPlugin(desk), peersPlugin()],
    appType: 'mpa',
    cacheDir: join(root, 'node_modules/.vite-headless'),
    optimizeDeps: { entries: ['tools/headless.html'] },
    // A file saved during a run must not reload its page.
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null, headers: isolation },
  })
  /** What was found for this run is what the first step is measured on. @type {Place['gpu']} */
  let kind = option
  const firstSteps = firstStepMeter(() => kind)
  /** @type {import('puppeteer').Browser | undefined} */
  let browser
  try {
    await server.listen()
    const opened = await openBrowser({ protocolTimeout: 0, gpu: option })
    browser = opened.browser
    kind = opened.gpu
    meet(await adapterIn(browser))
    const page = await browser.newPage()
    const broken = new Promise((_, reject) => {
      page.on('error', (error) => reject(new Error(`the browser's page crashed: ${error.message}`)))
      page.on('pageerror', (error) => reject(error instanceof Error ? error : new Error(String(error))))
      browser?.on('disconnected', () => reject(new Error('the browser ended before the run did')))
    })
    broken.catch(() => {}) // it also rejects at an ordinary end
    await page.exposeFunction('gradscopeReport', desk.report)
    await page.exposeFunction('gradscopeFirstStep', firstSteps.measure)
    await Promise.race([page.goto(new URL('tools/headless.html', server.resolvedUrls?.local[0]).href, { timeout: 120_000 }), broken])
    await Promise.race([page.waitForFunction('globalThis.gradscopeRun', { timeout: 120_000 }), broken])
    const outcome = await Promise.race([
      page.evaluate((task, given) => /** @type {any} */ (globalThis).gradscopeRun(task, given), name, /** @type {any} */ (job)),
      broken,
    ])
    return settle(/** @type {import('../../src/cli/host.ts').Outcome<Awaited<ReturnType<Tasks[Name]>>>} */ (outcome))
  } finally {
    browser?.removeAllListeners('disconnected')
    if (browser) await closed(browser)
    await firstSteps.close()
    await server.close()
  }
}

/** A browser that is broken may not answer: after a while it is ended. @param {import('puppeteer').Browser} browser */
async function closed(browser) {
  const timer = setTimeout(() => browser.process()?.kill('SIGKILL'), 5000)
  await browser.close().catch(() => {})
  clearTimeout(timer)
}

/** Files go by HTTP, not through the debugger's JSON: GET reads a source, POST writes an output. @param {Desk} desk @returns {import('vite').Plugin} */
const deskPlugin = (desk) => ({
  name: 'gradscope:desk',
  configureServer(server) {
    server.middlewares.use('/@desk/', (request, response) => void answer(request, response, desk.source, desk.write))
    const { read, write } = tuningFile()
    const found = async (/** @type {string} */ key) => Buffer.from(JSON.stringify((await read(key)) ?? {}))
    const keep = (/** @type {string} */ key, /** @type {Uint8Array} */ bytes) => write(key, JSON.parse(Buffer.from(bytes).toString()))
    server.middlewares.use('/@tuning/', (request, response) => void answer(request, response, found, keep))
  },
})

/**
 * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
 * @param {(name: string) => Promise<Uint8Array>} read @param {(name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void>} write
 */
async function answer(request, response, read, write) {
  const name = decodeURIComponent((request.url ?? '').slice(1))
  try {
    if (request.method === 'POST') {
      const parts = []
      for await (const part of request) parts.push(part)
      await write(name, new Uint8Array(Buffer.concat(parts)))
      response.end()
    } else response.setHeader('content-type', 'application/octet-stream').end(await read(name))
  } catch (error) {
    response.statusCode = 500
    response.end(error instanceof Error ? error.message : String(error))
  }
}
