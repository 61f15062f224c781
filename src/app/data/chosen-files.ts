/** Files and folders as the browser hands them over, dropped or chosen, read into memory. */
import { gunzip } from '../../data/gzip.ts'
import type { DataInput } from '../../data/files.ts'
import type { DataFile, DataFolder } from '../../data/source.ts'
import { InputError } from '../../errors.ts'

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
 * What was dropped; to be called while the event is handled, since the browser forgets it afterwards.
 * @throws InputError on a file or folder that cannot be read
 */
export async function chosenFromDrop(transfer: DataTransfer | null): Promise<Chosen[]> {
  const entries = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (entries.length === 0) return [...(transfer?.files ?? [])].map((file) => ({ path: file.name, file }))
  return within(entries, '')
}

async function within(entries: FileSystemEntry[], folder: string): Promise<Chosen[]> {
  const files = entries.filter((entry) => entry.isFile) as FileSystemFileEntry[]
  const found = await inBatches(files, async (entry) => {
    const path = `${folder}${entry.name}`
    return { path, file: await readable(path, () => new Promise<File>((resolve, reject) => entry.file(resolve, reject))) }
  })
  const lists: Chosen[][] = []
  let at = 0
  for (const entry of entries) {
    const path = `${folder}${entry.name}/`
    if (entry.isFile) lists.push([found[at++]!])
    else lists.push([{ path, file: null }], await within(await entriesOf(entry as FileSystemDirectoryEntry, path), path))
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
    throw new InputError(`${path} could not be read: ${why.replace(/\.$/, '')}.`)
  }
}

/** `make` of each, in order; of so many at a time. */
async function inBatches<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = []
  for (let i = 0; i < items.length; i += atATime) made.push(...(await Promise.all(items.slice(i, i + atATime).map(make))))
  return made
}

/** Reads them all, unpacked where they are gzipped; what lies in folders becomes one folder. @throws InputError on a file that is too large, damaged or cannot be read */
export async function readChosen(chosen: Chosen[]): Promise<DataInput[]> {
  const large = chosen.find(({ file }) => file && file.size > largestFile)
  if (large) throw new InputError(`${large.path} has ${large.file!.size} bytes, expected at most ${largestFile}.`)
  const read = async ({ path, file }: Chosen): Promise<DataFile> => ({
    name: path,
    bytes: file ? new Uint8Array(await readable(path, () => file.arrayBuffer())) : new Uint8Array(),
  })
  const inFolders = chosen.filter(({ path }) => path.includes('/'))
  const files = await inBatches(
    chosen.filter(({ path }) => !path.includes('/')),
    async (single) => {
      const { name, bytes } = await read(single)
      return { name, bytes: await gunzip(name, bytes) }
    },
  )
  return inFolders.length > 0 ? [...files, folderOf(await inBatches(inFolders, read))] : files
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
