/** A data set from files that somebody chose, told apart by their content and name. */
import { InputError } from '../errors.ts'
import { parseCsv } from './csv.ts'
import { readable, refuseForeign } from './foreign.ts'
import { gunzip } from './gzip.ts'
import { looksLikeIdx } from './idx.ts'
import { idxDataset, type IdxOptions } from './idx-dataset.ts'
import { readIdxFiles, type IdxFiles } from './idx-files.ts'
import { parseRecords } from './json.ts'
import { prepareTable, type PrepareOptions } from './prepare.ts'
import type { DataFile } from './source.ts'
import type { Table } from './table.ts'
import type { Dataset } from './types.ts'

export interface FilesOptions extends PrepareOptions, Pick<IdxOptions, 'classes' | 'keepAxes'> {
  /** Files to test on, in place of a share of the others. */
  testFiles?: DataFile[]
}

export type FileKind = 'idx' | 'csv' | 'json'

/** The kind of an unpacked file: by its first bytes, else by its name, else JSON when it begins with a bracket or brace and CSV otherwise. @throws InputError when it is of another kind */
export function kindOfFile({ name, bytes }: DataFile): FileKind {
  refuseForeign(name, bytes)
  if (looksLikeIdx(bytes)) return 'idx'
  const plain = name.toLowerCase().replace(/\.gz$/, '')
  if (plain.endsWith('.json')) return 'json'
  if (/\.(?:csv|tsv|txt)$/.test(plain)) return 'csv'
  if (/idx\d?|ubyte/.test(plain) || bytes[0] === 0) return 'idx'
  if (bytes.length === 0) throw new InputError(`${name}: found an empty file, expected ${readable}.`)
  const first = bytes.find((byte) => byte > 0x20)
  return first === 0x5b || first === 0x7b ? 'json' : 'csv'
}

/** A table from CSV or JSON, gzipped or not; for a preview. @throws InputError when it is neither or is damaged */
export async function tableFromFile(file: DataFile): Promise<Table> {
  const unpacked = await unpack(file)
  const kind = kindOfFile(unpacked)
  if (kind === 'idx') throw new InputError(`${file.name}: found an IDX file, expected a table in CSV or JSON.`)
  return kind === 'csv' ? parseCsv(unpacked.name, unpacked.bytes) : parseRecords(unpacked.name, unpacked.bytes)
}

/**
 * One table (CSV, JSON) or two IDX files, and the like to test on. Where none are named to test on and there are twice as many as needed,
 * those are taken whose names say so (`t10k-images-idx3-ubyte`, `test.csv`).
 * @throws InputError when a file is damaged or they do not belong together
 */
export async function datasetFromFiles(files: DataFile[], options: FilesOptions = {}): Promise<Dataset> {
  const { isIdx, training, testing } = await partsOf(files, options.testFiles)
  if (isIdx) return idxDataset(training, testing, options)
  for (const [part, use] of [
    [training, 'train on'],
    [testing, 'test on'],
  ] as const)
    if (part.length > 1 || (part.length === 0 && part === training))
      throw new InputError(`Of tables to ${use} found ${part.map(({ name }) => name).join(', ') || 'none'}, expected one.`)
  const [table, test] = await Promise.all([tableFromFile(training[0]!), testing[0] && tableFromFile(testing[0])])
  return prepareTable(table, options, test)
}

/** IDX files as `datasetFromFiles` would take them, for a preview. @throws InputError as it does */
export async function idxFromFiles(files: DataFile[]): Promise<IdxFiles> {
  const { training, testing } = await partsOf(files)
  return readIdxFiles(training, testing)
}

/** Which files train and which test. */
async function partsOf(files: DataFile[], testFiles: DataFile[] = []) {
  if (files.length === 0) throw new InputError('Found no data files, expected a CSV or JSON file, or two IDX files.')
  let training = await Promise.all(files.map(unpack))
  let testing = await Promise.all(testFiles.map(unpack))
  const kinds = new Set([...training, ...testing].map((file) => kindOfFile(file)))
  const isIdx = kinds.has('idx')
  if (isIdx && kinds.size > 1)
    throw new InputError(
      `Found ${[...training, ...testing].map((file) => `${file.name} (${kindOfFile(file)})`).join(', ')}, expected either one table or IDX files alone.`,
    )
  const needed = isIdx ? 2 : 1
  if (testing.length === 0 && training.length === 2 * needed) {
    testing = training.filter(({ name }) => saysTest(name))
    training = training.filter(({ name }) => !saysTest(name))
  }
  return { isIdx, training, testing }
}

/** The files in the order given, but those last whose names say that they are to test on. */
export const trainingFirst = (files: DataFile[]): DataFile[] =>
  files.toSorted((a, b) => Number(saysTest(a.name)) - Number(saysTest(b.name)))

const saysTest = (path: string) =>
  /(?:^|[^a-z])(?:t10k|tests?|testing|val|valid|validation)(?:[^a-z]|$)/i.test(path.replace(/^.*[/\\]/, ''))

const unpack = async ({ name, bytes }: DataFile): Promise<DataFile> => ({ name, bytes: await gunzip(name, bytes) })
