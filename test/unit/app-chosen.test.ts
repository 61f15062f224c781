/** Files and folders as the browser hands them over. */
import { expect, test } from 'vitest'
import { chosenFromDrop, readChosen, type Chosen } from '../../src/app/data/chosen-files.ts'

interface Seen {
  open: number
  most: number
}
const watched = async <T>(seen: Seen, value: T): Promise<T> => {
  seen.most = Math.max(seen.most, ++seen.open)
  await new Promise((resolve) => setTimeout(resolve, 0))
  seen.open--
  return value
}
const seen = (): Seen => ({ open: 0, most: 0 })

const fileEntry = (name: string, own: Seen, error?: Error) =>
  ({
    name,
    isFile: true,
    isDirectory: false,
    file: (resolve: (file: File) => void, reject: (error: Error) => void) =>
      void watched(own, new File([name], name)).then((file) => (error ? reject(error) : resolve(file))),
  }) as unknown as FileSystemEntry
function folderEntry(name: string, inside: FileSystemEntry[], error?: Error): FileSystemEntry {
  let left = [...inside]
  const readEntries = (resolve: (entries: FileSystemEntry[]) => void, reject: (error: Error) => void) => {
    if (error) return reject(error)
    const some = left.slice(0, 100)
    left = left.slice(100)
    resolve(some)
  }
  return { name, isFile: false, isDirectory: true, createReader: () => ({ readEntries }) } as unknown as FileSystemEntry
}
const dropped = (...entries: FileSystemEntry[]) =>
  chosenFromDrop({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files: [] } as unknown as DataTransfer)

test('a folder is read with all that lies within it, a few files at a time', async () => {
  const own = seen()
  const images = Array.from({ length: 250 }, (_, i) => fileEntry(`${i}.png`, own))
  const chosen = await dropped(folderEntry('pets', [folderEntry('cats', images), fileEntry('about.txt', own)]))
  expect(chosen.map(({ path }) => path)).toEqual([
    'pets/',
    'pets/cats/',
    ...images.map(({ name }) => `pets/cats/${name}`),
    'pets/about.txt',
  ])
  expect(own.most).toBe(32)
})

test('a file or folder that cannot be read is named, with the browser’s reason', async () => {
  const gone = new Error('A requested file or directory could not be found at the time an operation was processed.')
  const why = gone.message
  const whole = fileEntry('1.png', seen())
  await expect(dropped(folderEntry('pets', [folderEntry('cats', [whole, fileEntry('2.png', seen(), gone)])]))).rejects.toThrow(
    `pets/cats/2.png could not be read: ${why}`,
  )
  await expect(dropped(folderEntry('pets', [folderEntry('cats', [], gone)]))).rejects.toThrow(`pets/cats/ could not be read: ${why}`)
  const unreadable = { path: 'pets/1.png', file: { size: 1, arrayBuffer: () => Promise.reject(gone) } as unknown as File }
  await expect(readChosen([unreadable])).rejects.toThrow(`pets/1.png could not be read: ${why}`)
})

test('contents are read a few files at a time, and keep their order', async () => {
  const own = seen()
  const chosen = Array.from({ length: 300 }, (_, i): Chosen => {
    const bytes = Uint8Array.of(i % 256)
    return { path: `pets/${i}.png`, file: { size: 1, arrayBuffer: () => watched(own, bytes.buffer) } as unknown as File }
  })
  const [folder] = await readChosen(chosen)
  const { entries } = folder as { entries: { name: string; bytes: Uint8Array }[] }
  expect(entries.map(({ name, bytes }) => [name, bytes[0]])).toEqual(chosen.map((_, i) => [`${i}.png`, i % 256]))
  expect(own.most).toBe(32)
})

test('how many are found and read is told, and after one that cannot be read no other begins', async () => {
  const own = seen()
  const found: number[] = []
  const entries = Array.from({ length: 3 }, (_, i) => fileEntry(`${i}.png`, own))
  await chosenFromDrop(
    { items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files: [] } as unknown as DataTransfer,
    (count) => found.push(count),
  )
  expect(found).toEqual([1, 2, 3])

  let begun = 0
  const read: [number, number][] = []
  const chosen = Array.from({ length: 1000 }, (_, i): Chosen => {
    const arrayBuffer = () => {
      begun++
      return i === 40 ? Promise.reject(new Error('It is gone.')) : watched(own, new ArrayBuffer(1))
    }
    return { path: `pets/${i}.png`, file: { size: 1, arrayBuffer } as unknown as File }
  })
  await expect(readChosen(chosen, (...told) => read.push(told))).rejects.toThrow('pets/40.png could not be read: It is gone.')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(begun).toBeLessThan(100)
  expect(read.slice(0, 2)).toEqual([
    [1, 1000],
    [2, 1000],
  ])
})
