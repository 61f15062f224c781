// @ts-check
import { spawnSync } from 'node:child_process'

/** Installs what few need, on first use, into a folder of its own. @param {string} what @param {string[]} command @param {string} folder */
export function npmInstall(what, command, folder) {
  process.stderr.write(`Installing ${what} into ${folder} …\n`)
  const words = [...command, '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error']
  // npm's own account goes to stderr: stdout is the command's.
  const { status } = spawnSync('npm', words, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (status !== 0)
    throw new Error(
      `npm could not install ${what} into ${folder} (it says why above); they come from the npm registry, on first use alone.`,
    )
}
