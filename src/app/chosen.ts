/** Files and folders as the browser hands them over, dropped or chosen, read into memory. */
import { gunzip } from '../data/gzip.ts'
import type { DataInput } from '../data/files.ts'
import type { DataFile, DataFolder } from '../data/source.ts'
import { InputError } from '../errors.ts'

/** Files, with their paths where they lie in a folder (`pets/cats/1.png`); a folder's own path ends with a slash and has no file. */
export interface Chosen {
  path: string
  file: File | null
}

/** Larger files would not fit in memory beside their parsed form. */
const largestFile = 2 ** 31

/** What an input for files or for a folder holds. */
export const chosenFrom = (files: FileList | null): Chosen[] =>
  [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }))

/** What was dropped; to be called while the event is handled, since the browser forgets it afterwards. */
export function chosenFromDrop(transfer: DataTransfer | null): Promise<Chosen[]> {
  const entries = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (entries.length === 0) return Promise.resolve([...(transfer?.files ?? [])].map((file) => ({ path: file.name, file })))
  return Promise.all(entries.map((entry) => within(entry, entry.name))).then((lists) => lists.flat())
}

async function within(entry: FileSystemEntry, path: string): Promise<Chosen[]> {
  if (entry.isFile)
    return [{ path, file: await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)) }]
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const inside: FileSystemEntry[] = []
  // A reader gives a hundred at a time, and none at the end.
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (more.length === 0) break
    inside.push(...more)
  }
  const lists = await Promise.all(inside.map((inner) => within(inner, `${path}/${inner.name}`)))
  return [{ path: `${path}/`, file: null }, ...lists.flat()]
}

/** Reads them all, unpacked where they are gzipped; what lies in folders becomes one folder. @throws InputError on a file that is too large or damaged */
export async function readChosen(chosen: Chosen[]): Promise<DataInput[]> {
  const large = chosen.find(({ file }) => file && file.size > largestFile)
  if (large) throw new InputError(`${large.path} has ${large.file!.size} bytes, expected at most ${largestFile}.`)
  const read = async ({ path, file }: Chosen): Promise<DataFile> => ({
    name: path,
    bytes: file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array(),
  })
  const inFolders = chosen.filter(({ path }) => path.includes('/'))
  const files = await Promise.all(
    chosen
      .filter(({ path }) => !path.includes('/'))
      .map(read)
      .map(async (file) => {
        const { name, bytes } = await file
        return { name, bytes: await gunzip(name, bytes) }
      }),
  )
  return inFolders.length > 0 ? [...files, folderOf(await Promise.all(inFolders.map(read)))] : files
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
