/**
 * CIFAR-10 (A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009) in its binary version: files of records, each a label and then
 * 32 × 32 bytes of red, of green and of blue.
 */
import { wrong, wrongIn } from '../errors.ts'
import type { Labelled, LabelledPart } from './labelled.ts'
import type { DataFile } from './source.ts'
import { decodeText } from './text.ts'

const axes = [3, 32, 32]
const pixels = 3 * 32 * 32
const recordBytes = 1 + pixels
const knownClasses = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']

const baseName = (name: string) => name.replace(/^.*[/\\]/, '').replace(/\.gz$/i, '')
const isMeta = ({ name }: DataFile) => /^batches\.meta\.txt$/i.test(baseName(name))
const isTest = ({ name }: DataFile) => /^test_batch/i.test(baseName(name))

/** Whether a file bears a name of the binary version. */
export const isNamedCifar10 = (name: string): boolean => /^(?:(?:data|test)_batch(?:_\d+)?\.bin|batches\.meta\.txt)$/i.test(baseName(name))

/**
 * Batches in the order of their names; `test_batch.bin`, wherever it stands, is the part to test on, and `batches.meta.txt` names the classes.
 * @throws InputError when a file is cut off or no such file, or none are to train on
 */
export function readCifar10(files: DataFile[], testFiles: DataFile[] = []): Labelled {
  const byName = (a: DataFile, b: DataFile) => a.name.localeCompare(b.name, 'en', { numeric: true })
  const all = [...files, ...testFiles]
  const meta = all.find(isMeta)
  const batches = (some: DataFile[]) => some.filter((file) => !isMeta(file))
  const training = batches(files)
    .filter((file) => !isTest(file))
    .sort(byName)
  const testing = [...batches(files).filter(isTest), ...batches(testFiles)].sort(byName)
  if (training.length === 0) throw wrong('cifar10.none', { found: all.map(({ name }) => name) })
  const name = training.length === 1 && testing.length === 0 ? training[0]!.name : 'CIFAR-10'
  return {
    whole: readPart(training, name),
    ...(testing.length > 0 && { test: readPart(testing, testing.map((file) => file.name).join(', ')) }),
    axes,
    classes: meta ? classesOf(meta) : knownClasses,
  }
}

/** A file's own name, by which the binary version is known. */
export const cifar10NameOf = ({ name }: DataFile): string => baseName(name)

/** @throws InputError when a file of the binary version is cut off, holds a label beyond 9 or, of the classes' names, other than ten */
export function checkCifar10File(file: DataFile): void {
  if (isMeta(file)) return void classesOf(file)
  checkLength(file)
  const { name, bytes } = file
  for (let at = 0; at < bytes.length; at += recordBytes)
    if (bytes[at]! > 9) throw wrongIn(name, 'cifar10.label', { found: bytes[at]!, record: at / recordBytes })
}

function readPart(files: DataFile[], name: string): LabelledPart {
  files.forEach(checkCifar10File)
  const count = files.reduce((sum, { bytes }) => sum + bytes.length / recordBytes, 0)
  const samples = new Uint8Array(count * pixels)
  const labels = new Uint8Array(count)
  let sample = 0
  for (const { bytes } of files)
    for (let at = 0; at < bytes.length; at += recordBytes, sample++) {
      labels[sample] = bytes[at]!
      samples.set(bytes.subarray(at + 1, at + recordBytes), sample * pixels)
    }
  return {
    samples: { name, type: 'u8', shape: [count, ...axes], values: samples },
    labels: { name, type: 'u8', shape: [count], values: labels },
  }
}

function checkLength({ name, bytes: { length } }: DataFile): void {
  if (length > 0 && length % recordBytes === 0) return
  throw wrongIn(name, 'cifar10.length', { length, record: recordBytes, whole: Math.floor(length / recordBytes) })
}

function classesOf({ name, bytes }: DataFile): string[] {
  const names = decodeText(name, bytes)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const found = new Set(names).size
  if (names.length !== 10 || found !== 10) throw wrongIn(name, 'cifar10.names', { found })
  return names
}
