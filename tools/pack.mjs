// @ts-check
// npm run bench:pack [-- --folder DIR]: one archive for a Linux x64 machine with a GPU and no network. It holds Node, dawn.node, the recorded
// training runs, the bench and the other engines, and is run there by one command. --folder makes the folder alone, without the other engines.
import { spawnSync } from 'node:child_process'
import { cpSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { build } from 'vite'
import { nodePeerFiles } from './cli/peer-libraries.mjs'
import { installPeers, modules } from './cli/peers.mjs'
import { dawnFolder } from './native.mjs'
import { root, viteConfig } from './vite.mjs'

const name = 'gradscope-bench-linux-x64'
/** With the source tree beside it: what may be carried to a machine without network in one piece. */
const mostBytes = 60 * 2 ** 20

/** @param {string} folder @param {boolean} peers */
async function fill(folder, peers) {
  mkdirSync(folder, { recursive: true })
  copyFileSync(process.execPath, join(folder, 'node'))
  const dawn = dawnFolder()
  for (const part of ['index.js', 'package.json', 'LICENSE.md', 'dist/linux-x64'])
    cpSync(join(dawn, part), join(folder, 'webgpu', part), { recursive: true })
  if (peers) installPeers()
  for (const file of peers ? nodePeerFiles : [])
    cpSync(join(modules, file), join(folder, 'peers', file), { recursive: true, filter: (path) => !path.endsWith('.map') })
  cpSync(join(root, 'test/goldens'), join(folder, 'goldens'), { recursive: true })
  await build({
    ...viteConfig(),
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'tools/pack/main.mjs'),
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'main.mjs' } },
    },
  })
  writeFileSync(join(folder, 'run'), '#!/bin/sh\nexec "$(dirname "$0")/node" "$(dirname "$0")/main.mjs" "$@"\n', { mode: 0o755 })
  copyFileSync(join(root, 'tools/pack/README.md'), join(folder, 'README.md'))
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  copyFileSync(nodeLicence(), join(folder, 'LICENSE-node'))
}

/** Where this Node keeps its licence: beside it, or where Linux distributions put such files. */
function nodeLicence() {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  const places = ['LICENSE', 'share/doc/node/LICENSE', 'share/doc/nodejs/LICENSE', 'share/doc/nodejs/copyright'].map((place) =>
    join(prefix, place),
  )
  const found = places.find((place) => existsSync(place))
  if (found === undefined) throw new Error(`the licence of Node goes into the archive, and is in none of ${places.join(', ')}`)
  return found
}

/** @param {string} folder @param {string} archive */
function compress(folder, archive) {
  const { status } = spawnSync('tar', ['-C', dirname(folder), '-I', 'xz -9 -T0', '-cf', archive, name], { stdio: 'inherit' })
  if (status !== 0) throw new Error('tar and xz are needed to pack the archive, and did not end well')
}

function sourceBytes() {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  return stdout.split('\0').reduce((sum, file) => sum + ((file && statSync(join(root, file), { throwIfNoEntry: false })?.size) || 0), 0)
}

if (process.platform !== 'linux' || process.arch !== 'x64')
  throw new Error(`bench:pack packs this machine's own Node for Linux x64, and this one is ${process.platform} ${process.arch}`)
const [option, given] = process.argv.slice(2)
if (option === '--folder' && given) await fill(resolve(given), false)
else {
  const stage = mkdtempSync(join(tmpdir(), 'gradscope-'))
  const archive = join(root, 'bench', `${name}.tar.xz`)
  try {
    await fill(join(stage, name), true)
    process.stdout.write('Compressing …\n')
    compress(join(stage, name), archive)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
  const { size } = statSync(archive)
  const megabytes = (/** @type {number} */ bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  process.stdout.write(`${archive}: ${megabytes(size)}, ${megabytes(size + sourceBytes())} with the sources\n`)
  process.stdout.write(`There: tar -xf ${name}.tar.xz && ${name}/run\n`)
  if (size + sourceBytes() > mostBytes) throw new Error(`the archive and the sources are more than ${megabytes(mostBytes)}`)
}
