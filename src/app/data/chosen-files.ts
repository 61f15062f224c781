/** Files and folders as the browser hands them over, dropped or chosen, read into memory. */
import { gunzip } from '../../data/gzip.ts'
import type { DataInput } from '../../data/files.ts'
import type { DataFile, DataFolder } from '../../data/source.ts'
import { wrong } from '../../errors.ts'

/** Files, with their paths where they lie in a folder (`pets/cats/1.png`); a folder's own path ends with a slash and has no file. */
export interface Chosen {
  path: string
  file: File | null
}

/** Larger files would not fit in memory beside their parsed form. */
const largestFile = 2 ** 31
/** Files that are open at a time: a folder may hold a hundred thousand. */
const atATime = 32

/** What an input for files or for a folder holds. */
export const chosenFrom = (files: FileList | null): Chosen[] =>
  [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }))

/**
 * What was dropped; to be called while the event is handled, since the browser forgets it afterwards. `onFound` hears after each file how many there are
 * so far.
 * @throws InputError on a file or folder that cannot be read
 */
export async function chosenFromDrop(transfer: DataTransfer | null, onFound: (count: number) => void = () => {}): Promise<Chosen[]> {
  const entries = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (entries.length === 0) return [...(transfer?.files ?? [])].map((file) => ({ path: file.name, file }))
  let count = 0
  return within(entries, '', () => onFound(++count))
}

async function within(entries: FileSystemEntry[], folder: string, onFile: () => void): Promise<Chosen[]> {
  const files = await eachOf(entries.filter((entry) => entry.isFile) as FileSystemFileEntry[], async (entry): Promise<Chosen> => {
    const path = `${folder}${entry.name}`
    const file = await readable(path, () => new Promise<File>((resolve, reject) => entry.file(resolve, reject)))
    onFile()
    return { path, file }
  })
  const lists: Chosen[][] = []
  let at = 0
  for (const entry of entries) {
    const path = `${folder}${entry.name}/`
    if (entry.isFile) lists.push(files.slice(at, ++at))
    else lists.push([{ path, file: null }], await within(await entriesOf(entry as FileSystemDirectoryEntry, path), path, onFile))
  }
  return lists.flat()
}

async function entriesOf(folder: FileSystemDirectoryEntry, path: string): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const inside: FileSystemEntry[] = []
  // A reader gives a hundred at a time, and none at the end.
  for (;;) {
    const more = await readable(path, () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)))
    if (more.length === 0) return inside
    inside.push(...more)
  }
}

/** What `read` resolves to; the browser's own error names neither file nor folder. */
async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw wrong('files.unreadable', { path, why: why.replace(/\.$/, '') })
  }
}

/** `make` of each, in order, `atATime` of them at once. After one that fails no other begins. */
async function eachOf<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = []
  // They share it: whoever is done takes the next.
  const queue = items.entries()
  let hasFailed = false
  const takeTurns = async () => {
    for (const [i, item] of queue) {
      if (hasFailed) return
      try {
        made[i] = await make(item)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, takeTurns))
  return made
}

/**
 * Reads them all, unpacked where they are gzipped; what lies in folders becomes one folder. `onRead` hears after each how many are read.
 * @throws InputError on a file that is too large, damaged or cannot be read
 */
export async function readChosen(chosen: Chosen[], onRead: (done: number, total: number) => void = () => {}): Promise<DataInput[]> {
  for (const { path, file } of chosen)
    if (file && file.size > largestFile) throw wrong('files.tooLarge', { path, size: file.size, most: largestFile })
  let done = 0
  const read = async ({ path, file }: Chosen): Promise<DataFile> => {
    const bytes = file ? new Uint8Array(await readable(path, () => file.arrayBuffer())) : new Uint8Array()
    onRead(++done, chosen.length)
    return { name: path, bytes }
  }
  const files = await eachOf(
    chosen.filter(({ path }) => !path.includes('/')),
    async (single) => {
      const { name, bytes } = await read(single)
      return { name, bytes: await gunzip(name, bytes) }
    },
  )
  const inFolders = chosen.filter(({ path }) => path.includes('/'))
  return inFolders.length > 0 ? [...files, folderOf(await eachOf(inFolders, read))] : files
}

/** One folder by its name; of several, one that holds them all. */
function folderOf(entries: DataFile[]): DataFolder {
  const names = [...new Set(entries.map(({ name }) => name.split('/', 1)[0]!))]
  if (names.length > 1) return { name: names.join(', '), entries }
  const [name] = names as [string]
  return {
    name,
    entries: entries.map((entry) => ({ ...entry, name: entry.name.slice(name.length + 1) })).filter((entry) => entry.name !== ''),
  }
}
