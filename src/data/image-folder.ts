/** A folder or an archive of labelled images: one folder a class, within folders named train and test where there are such. */
import { wrongIn } from '../errors.ts'
import { message, type Message } from '../words/say.ts'
import type { DataFile, DataFolder } from './source.ts'

export interface LabelledImage {
  file: DataFile
  label: number
}

export interface ImageFolder {
  name: string
  /** Names of the classes, in the order of their labels. */
  classes: string[]
  train: LabelledImage[]
  /** Of a folder of its own. */
  test?: LabelledImage[]
  notes: Message[]
}

const trainNames = ['train', 'training']
/** Those first in the list are taken first. */
const testNames = ['test', 'testing', 'val', 'valid', 'validation']

const imageName = /\.(?:png|jpe?g|gif|webp|bmp|avif)$/i
/** What systems and archivers leave in folders. */
const isClutter = (path: string) =>
  path.split('/').some((part) => part.startsWith('.') || /^(?:__MACOSX|Thumbs\.db|desktop\.ini)$/i.test(part))
const isFolder = ({ name }: DataFile) => name.endsWith('/')
const headOf = (path: string) => path.split('/', 1)[0]!

/** Which image is of which class. @throws InputError, with the folder or file, when it is laid out in another way */
export function readImageFolder(folder: DataFolder, testFolder?: DataFolder): ImageFolder {
  const notes: Message[] = []
  const { name } = folder
  const entries = tidied(folder)
  const parts = testFolder ? { train: entries, test: tidied(testFolder) } : partsOf(entries, notes)
  const classes = classesOf(name, parts.train)
  const [first, second] = classes
  if (first === undefined) throw wrongIn(name, 'images.noFolder')
  if (second === undefined) throw wrongIn(name, 'images.oneClass', { found: first })
  const train = imagesOf(name, parts.train, classes, notes)
  if (!parts.test) return { name, classes, train, notes }
  const testName = testFolder?.name ?? name
  const unknown = classesOf(testName, parts.test).find((candidate) => !classes.includes(candidate))
  if (unknown !== undefined) throw wrongIn(testName, 'images.unknownClass', { found: unknown, classes })
  return { name, classes, train, test: imagesOf(testName, parts.test, classes, notes), notes }
}

/** An entry by its path below the folders that hold the classes. */
interface Placed {
  path: string
  file: DataFile
}

/** Without clutter, and without the folders around all else. */
function tidied({ entries }: DataFolder): Placed[] {
  let placed = entries.filter(({ name }) => !isClutter(name)).map((file): Placed => ({ path: file.name.replace(/^\.?\//, ''), file }))
  for (;;) {
    const root = headOf(placed[0]?.path ?? '')
    const inner = placed.map(({ path, file }) => ({ path: path.slice(root.length + 1), file })).filter(({ path }) => path !== '')
    const wraps =
      placed.every(({ path }) => path.startsWith(`${root}/`)) &&
      inner.some(({ path, file }) => path.includes('/') && !isFolder(file)) &&
      !inner.some(({ path }) => !path.includes('/') && imageName.test(path))
    if (!wraps) return placed
    placed = inner
  }
}

function partsOf(entries: Placed[], notes: Message[]): { train: Placed[]; test?: Placed[] } {
  const heads = [...new Set(entries.filter(({ path }) => path.includes('/')).map(({ path }) => headOf(path)))]
  const named = (names: string[]) => names.flatMap((wanted) => heads.filter((head) => head.toLowerCase() === wanted))
  const [train] = named(trainNames)
  const [test, ...unused] = named(testNames)
  if (train === undefined || test === undefined || heads.some((head) => ![...trainNames, ...testNames].includes(head.toLowerCase())))
    return { train: entries }
  for (const other of unused) notes.push(message('note.folderUnused', { folder: other }))
  const below = (head: string) =>
    entries
      .filter(({ path }) => path.startsWith(`${head}/`) && path.length > head.length + 1)
      .map(({ path, file }) => ({ path: path.slice(head.length + 1), file }))
  return { train: below(train), test: below(test) }
}

/** Folders in the order of their names, numbers by their value. @throws InputError when one holds no image */
function classesOf(name: string, entries: Placed[]): string[] {
  const classes = new Map<string, number>()
  for (const { path, file } of entries)
    if (path.includes('/')) classes.set(headOf(path), (classes.get(headOf(path)) ?? 0) + (isFolder(file) ? 0 : 1))
  for (const [folder, count] of classes) if (count === 0) throw wrongIn(name, 'images.emptyFolder', { folder })
  return [...classes.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

function imagesOf(name: string, entries: Placed[], classes: string[], notes: Message[]): LabelledImage[] {
  const labels = new Map(classes.map((folder, label) => [folder, label]))
  const images: LabelledImage[] = []
  for (const { path, file } of entries) {
    if (isFolder(file)) continue
    const own = { name: `${name}/${file.name}`, bytes: file.bytes }
    if (path.includes('/')) images.push({ file: own, label: labels.get(headOf(path))! })
    else if (imageName.test(path)) throw wrongIn(own.name, 'images.outside')
    else notes.push(message('note.fileUnused', { file: path }))
  }
  return images
}
