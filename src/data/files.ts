/** A data set from files and folders that somebody chose, told apart by their content and name. */
import { wrong, wrongIn } from '../errors.ts'
import { message } from '../words/say.ts'
import { checkCifar10File, isNamedCifar10, readCifar10 } from './cifar10.ts'
import { parseCsv } from './csv.ts'
import { refuseForeign } from './foreign.ts'
import { gunzip } from './gzip.ts'
import { looksLikeIdx } from './idx.ts'
import { readIdxFiles } from './idx-files.ts'
import { readImageFolder, type ImageFolder } from './image-folder.ts'
import { decodeImages, labelledImages, type DecodeImage, type ImageOptions } from './image-set.ts'
import { parseRecords } from './json.ts'
import { labelledDataset, type LabelledOptions } from './labelled-dataset.ts'
import type { Labelled } from './labelled.ts'
import { prepareTable, type PrepareOptions } from './prepare.ts'
import type { DataFile, DataFolder } from './source.ts'
import type { Table } from './table.ts'
import { firstByte } from './text.ts'
import type { Dataset } from './types.ts'
import { isZip, unzip } from './zip.ts'

export interface FilesOptions extends PrepareOptions, Pick<LabelledOptions, 'keepAxes'> {
  /** Files to test on, in place of a share of the others. */
  testFiles?: DataInput[]
  /** Names of the classes of IDX labels; a label beyond them is refused. */
  classes?: string[]
  /** What images need. */
  decode?: DecodeImage
  images?: ImageOptions
}

export type DataInput = DataFile | DataFolder
export type FileKind = 'idx' | 'csv' | 'json' | 'cifar10' | 'images'

const isFolder = (input: DataInput): input is DataFolder => 'entries' in input

/** The kind of an unpacked file: by its first bytes, else by its name, else JSON when it begins with a bracket or brace and CSV otherwise. @throws InputError when it is of another kind */
export function kindOfFile({ name, bytes }: DataFile): Exclude<FileKind, 'images'> {
  if (isNamedCifar10(name)) return 'cifar10'
  refuseForeign(name, bytes)
  if (looksLikeIdx(bytes)) return 'idx'
  const plain = name.toLowerCase().replace(/\.gz$/, '')
  if (plain.endsWith('.json')) return 'json'
  if (/\.(?:csv|tsv|txt)$/.test(plain)) return 'csv'
  if (plain.endsWith('.bin')) return 'cifar10'
  if (/idx\d?|ubyte/.test(plain) || bytes[0] === 0) return 'idx'
  if (bytes.length === 0) throw wrongIn(name, 'file.empty')
  const first = firstByte(bytes)
  return first === 0x5b || first === 0x7b ? 'json' : 'csv'
}

/** The kind of what was opened. */
const kindOf = (input: DataInput): FileKind => (isFolder(input) ? 'images' : kindOfFile(input))

/** A table from CSV or JSON, gzipped or not; for a preview. @throws InputError when it is neither or is damaged */
export async function tableFromFile(file: DataFile): Promise<Table> {
  const bytes = await gunzip(file.name, file.bytes)
  const kind = kindOfFile({ name: file.name, bytes })
  if (kind === 'csv') return parseCsv(file.name, bytes)
  if (kind === 'json') return parseRecords(file.name, bytes)
  throw wrongIn(file.name, 'file.noTable', { isIdx: kind === 'idx' })
}

/** Chosen files read as far as they are without deciding what to do with them. */
export type ReadFiles =
  | { kind: 'table'; table: Table; file: DataFile; test?: DataFile }
  | { kind: 'idx' | 'cifar10'; labelled: Labelled }
  | { kind: 'images'; folder: ImageFolder }

/**
 * One table (CSV, JSON), two IDX files, CIFAR-10 or a folder or ZIP archive of labelled images, and the like to test on. Where none are named to test on
 * and there are twice as many tables or IDX files as needed, those are taken whose names say so (`t10k-images-idx3-ubyte`, `test.csv`).
 * @throws InputError when a file is damaged or they do not belong together
 */
export async function readFiles(
  files: DataInput[],
  { testFiles, classes }: Pick<FilesOptions, 'testFiles' | 'classes'> = {},
): Promise<ReadFiles> {
  const { kind, training, testing } = await partsOf(files, testFiles)
  if (kind === 'images') {
    const [folder, testFolder] = [one(training, 'input.trainingFolders'), oneAtMost(testing, 'input.testFolders')]
    return { kind, folder: readImageFolder(folder as DataFolder, testFolder as DataFolder | undefined) }
  }
  const [train, test] = [training as DataFile[], testing as DataFile[]]
  if (kind === 'cifar10') return { kind, labelled: readCifar10(train, test) }
  if (kind === 'idx') return { kind, labelled: await readIdxFiles(train, test, classes) }
  const [file, testFile] = [one(train, 'input.trainingTables'), oneAtMost(test, 'input.testTables')]
  return { kind: 'table', table: await tableFromFile(file), file, ...(testFile && { test: testFile }) }
}

/** Files of CIFAR-10, each checked, whether all are there or not. @throws InputError when one is damaged or another kind of file */
export async function cifar10From(files: DataInput[]): Promise<DataFile[]> {
  const opened = (await Promise.all(files.map(unpack))).flat()
  for (const input of opened) if (kindOf(input) !== 'cifar10') throw wrong('input.noCifar10', { file: input.name })
  const own = opened as DataFile[]
  own.forEach(checkCifar10File)
  return own
}

/** The files as a data set. @throws InputError as `readFiles` does, and when what is asked for cannot be done with them */
export async function datasetFromFiles(files: DataInput[], options: FilesOptions = {}): Promise<Dataset> {
  return datasetOf(await readFiles(files, options), options)
}

/** What was read as a data set. @throws InputError when what is asked for cannot be done with it */
export async function datasetOf(read: ReadFiles, options: FilesOptions = {}): Promise<Dataset> {
  switch (read.kind) {
    case 'table':
      return prepareTable(read.table, options, read.test && (await tableFromFile(read.test)))
    case 'idx':
    case 'cifar10':
      return labelledDataset(read.labelled, { keepAxes: read.kind === 'cifar10', ...options })
    case 'images': {
      const { name } = read.folder
      if (!options.decode) throw wrongIn(name, 'input.undecoded')
      const { size } = options.images ?? {}
      const set = await decodeImages(read.folder, options.decode, size && { wanted: size })
      return labelledDataset(labelledImages(set, options.images), { keepAxes: true, ...options })
    }
  }
}

type Several = 'input.trainingTables' | 'input.testTables' | 'input.trainingFolders' | 'input.testFolders'

function oneAtMost<Input extends DataInput>(part: Input[], several: Several): Input | undefined {
  return part.length === 0 ? undefined : one(part, several)
}

function one<Input extends DataInput>(part: Input[], several: Several): Input {
  const [only, ...others] = part
  if (only === undefined || others.length > 0) throw wrong(several, { found: part.map(({ name }) => name) })
  return only
}

/** Which files train and which test. */
async function partsOf(files: DataInput[], testFiles: DataInput[] = []) {
  if (files.length === 0) throw wrong('input.none')
  let training = (await Promise.all(files.map(unpack))).flat()
  let testing = (await Promise.all(testFiles.map(unpack))).flat()
  const all = [...training, ...testing]
  const kinds = new Set(all.map(kindOf))
  const kind = kindOf(training[0]!)
  const isTable = kinds.has('csv') || kinds.has('json')
  if (isTable ? kinds.has('idx') || kinds.has('cifar10') || kinds.has('images') : kinds.size > 1)
    throw wrong('input.kinds', { found: all.map((input) => message('input.kind', { file: input.name, kind: kindOf(input) })) })
  const needed = kind === 'idx' ? 2 : 1
  if (kind !== 'cifar10' && testing.length === 0 && training.length === 2 * needed) {
    testing = training.filter(({ name }) => saysTest(name))
    training = training.filter(({ name }) => !saysTest(name))
  }
  return { kind, training, testing }
}

/** The files in the order given, but those last whose names say that they are to test on. */
export const trainingFirst = <Input extends DataInput>(files: Input[]): Input[] =>
  files.toSorted((a, b) => Number(saysTest(a.name)) - Number(saysTest(b.name)))

const saysTest = (path: string) =>
  /(?:^|[^a-z])(?:t10k|tests?|testing|val|valid|validation)(?:[^a-z]|$)/i.test(path.replace(/^.*[/\\]/, ''))

/** What is in a gzipped file or a ZIP archive; of a folder with CIFAR-10 in it those files. */
async function unpack(input: DataInput): Promise<DataInput[]> {
  const opened = isFolder(input) ? input : { name: input.name, bytes: await gunzip(input.name, input.bytes) }
  const folder = isFolder(opened) ? opened : isZip(opened.bytes) ? await unzip(opened.name, opened.bytes) : undefined
  if (!folder) return [opened as DataFile]
  const batches = folder.entries.filter(({ name }) => isNamedCifar10(name))
  return batches.length > 0 ? batches : [folder]
}
