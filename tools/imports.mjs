// @ts-check
// node tools/imports.mjs: whether every import of src goes down the floors, and within the page from room to room as its plan allows.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './vite.mjs'

/** Folders of src, the lowest first; '' is the files beside them. */
const floors = ['words', '', 'model', 'data', 'gpu', 'kernels', 'graph', 'inspect', 'train', 'answers', 'view', 'cli', 'app']

/** Rooms of src/app, and those whose files each may import; `types`: their types alone. @type {Record<string, { from?: string[], types?: string[] }>} */
const rooms = {
  pacing: {},
  words: { types: ['run'] },
  run: { from: ['words', 'pacing'] },
  browser: { from: ['run', 'words'] },
  ui: { from: ['words'], types: ['run'] },
  charts: { from: ['run', 'words', 'ui', 'pacing'] },
  stage: { from: ['run', 'words', 'ui', 'pacing'] },
  network: { from: ['run', 'words', 'ui'] },
  training: { from: ['run', 'words', 'ui'] },
  data: { from: ['run', 'words', 'ui', 'browser'] },
  shell: { from: ['run', 'words', 'ui', 'stage'] },
  answers: { from: ['run', 'words', 'ui', 'pacing', 'charts'] },
  refresh: { from: ['run', 'words', 'ui', 'pacing', 'charts', 'stage'] },
}

/** Rooms that run without a page. */
const withoutPage = ['run', 'words', 'pacing']
const ofPage = /\b(?:document|window|HTMLElement|HTML\w+Element|localStorage)\b/

/** @typedef {{ path: string, isType: boolean }} Import */

/** @param {string} text @returns {Import[]} */
export const importsOf = (text) =>
  [...text.matchAll(/\b(?:import|export)\s+(type\s)?[^'"`;]*?from\s+['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g)].map((found) => ({
    path: found[2] ?? found[3] ?? '',
    isType: found[1] !== undefined,
  }))

/** What is wrong with one import, or undefined. @param {string} from @param {string} to paths within src @param {boolean} isType */
export function wrongImport(from, to, isType) {
  const [floor, target] = [from, to].map((path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : ''))
  const [own, other] = [floors.indexOf(floor ?? ''), floors.indexOf(target ?? '')]
  // src/index.ts is the package's door, above all but the page and the commands.
  if (from !== 'index.ts' && other > own) return `${from} imports ${to}, which lies on a higher floor`
  if (from.startsWith('kernels/reference/') || floor === 'words') return undefined
  if (to.startsWith('kernels/reference/')) return `${from} imports ${to}: the reference is for tests and the bench alone`
  if (floor !== 'app' || target !== 'app') return undefined
  const [room, next] = [from, to].map((path) => path.split('/')[1] ?? '')
  const plan = rooms[room ?? '']
  if (!plan || room === next) return undefined
  if (plan.from?.includes(next ?? '') || (isType && plan.types?.includes(next ?? ''))) return undefined
  return `${from} imports ${to}, but src/app/${room} takes ${isType ? 'types' : 'values'} of ${[...(plan.from ?? []), ...(isType ? (plan.types ?? []) : [])].join(', ') || 'no room'} alone`
}

/** Everything wrong with the imports of src. @returns {string[]} */
export function wrongImports() {
  const src = join(root, 'src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path))
  return files.flatMap((from) => {
    const text = readFileSync(join(src, from), 'utf8')
    const wrong = importsOf(text).flatMap(({ path, isType }) => {
      if (!path.startsWith('.') || !/\.tsx?$/.test(path)) return []
      const to = relative(src, join(src, dirname(from), path))
      return to.startsWith('..') ? [] : (wrongImport(from, to, isType) ?? [])
    })
    const room = /^app\/(\w+)\//.exec(from)?.[1] ?? ''
    const page = withoutPage.includes(room) && ofPage.exec(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))
    return page ? [...wrong, `${from} uses ${page[0]}, but src/app/${room} runs without a page`] : wrong
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wrong = wrongImports()
  for (const sentence of wrong) console.log(sentence)
  process.exitCode = wrong.length ? 1 : 0
}
