/** What is wrong with data files, and with what is asked of them. */
import { counted, listed } from './parts.ts'

const readable =
  'a table (CSV or JSON), IDX files, CIFAR-10, a folder or ZIP archive of images, a model (JSON) or its parameters (safetensors)'
const folders = 'one folder of images for each class (cats/1.png, dogs/1.png), or such folders within train and test'
const cifar10 = "its binary version's data_batch_1.bin to data_batch_5.bin and test_batch.bin"
const named = (names: readonly string[], otherwise: string): string => (names.length > 0 ? listed(names) : otherwise)

export const data = {
  // Where in a file.
  'place.line': ({ line }: { line: number }) => `line ${line}`,
  'place.record': ({ row }: { row: number }) => `[${row}]`,
  'place.in': ({ file, place }: { file: string; place: string }) => `${file}, ${place}`,
  'place.cell': ({ file, place, column }: { file: string; place: string; column: string }) => `${file}, ${place}, column "${column}"`,
  'place.key': ({ file, row, key }: { file: string; row: number; key: string }) => `${file}, [${row}]["${key}"]`,
  'place.target': ({ file, column }: { file: string; column: string }) => `${file}, target column "${column}"`,

  'json.model': 'a model file',
  'json.golden': 'a golden',
  'json.records': 'a JSON array of records',
  'json.dataOrModel': 'data or a model',
  'json.result': 'a result of the bench',
  'json.empty': ({ expected }: { expected: string }) => `found an empty file, expected ${expected}.`,
  'json.wrong': ({
    file,
    line,
    column,
    found,
    wanted,
    expected,
  }: {
    file: string
    line: number
    column: number
    found: string
    wanted: string
    expected: string
  }) => `${file} is not JSON: at line ${line}, column ${column} found ${found}, expected ${wanted} (${expected}).`,
  'json.end': 'the end of the file',
  'json.closingQuote': 'a closing quote',
  'json.character': 'a character that a string may hold',
  'json.nothingMore': 'nothing more',
  'json.commaOr': ({ closing }: { closing: string }) => `a comma or ${closing}`,
  'json.key': 'a key in double quotes',
  'json.colon': 'a colon',
  'json.value': 'a value',
  'json.array': 'an array',
  'json.object': 'an object',
  'json.text': ({ text }: { text: string }) => `the text "${text}"`,
  'records.none': ({ found }: { found: string }) => `found ${found}, expected an array of records.`,
  'records.empty': 'found an empty array, expected at least one record.',
  'records.record': ({ found }: { found: string }) => `found ${found}, expected a record, an object of column names and values.`,
  'records.name': 'found an empty column name, expected a name.',
  'records.value': ({ found }: { found: string }) => `found ${found}, expected a number, text, true, false or null.`,
  'records.noColumn': 'found records without any column, expected names and values.',

  'foreign.png': 'a PNG image',
  'foreign.jpeg': 'a JPEG image',
  'foreign.gif': 'a GIF image',
  'foreign.webp': 'a WebP image',
  'foreign.pdf': 'a PDF document',
  'foreign.7z': 'a 7z archive',
  'foreign.bzip2': 'a bzip2 archive',
  'foreign.xz': 'an xz archive',
  'foreign.tar': 'a tar archive',
  'foreign.numpy': 'a NumPy array',
  'foreign.hdf5': 'an HDF5 file',
  'foreign.parquet': 'a Parquet file',
  'foreign.arrow': 'an Arrow file',
  'foreign.sqlite': 'a SQLite database',
  'foreign.pickle': 'a Python pickle',
  'file.foreign': ({ kind }: { kind: string }) => `found ${kind}, expected ${readable}.`,
  'file.empty': `found an empty file, expected ${readable}.`,
  'file.noTable': ({ isIdx }: { isIdx: boolean }) =>
    `found ${isIdx ? 'an IDX file' : 'a file of CIFAR-10'}, expected a table in CSV or JSON.`,
  'file.notUtf8': 'found bytes that are not UTF-8, expected text in UTF-8.',
  'file.zeroByte': ({ at }: { at: number }) => `found a zero byte at position ${at}, expected text in UTF-8.`,
  'file.gzip': ({ unpacked }: { unpacked: number }) =>
    `found gzip data that is damaged or cut off after ${counted(unpacked, 'unpacked byte')}, expected a whole gzip file.`,
  'input.none': 'Found no data files, expected a CSV or JSON file, two IDX files, CIFAR-10 or a folder of images.',
  'input.kinds': ({ found }: { found: readonly string[] }) =>
    `Found ${listed(found)}, expected files of one kind: a table, IDX files, CIFAR-10 or a folder of images.`,
  'input.kind': ({ file, kind }: { file: string; kind: string }) => `${file} (${kind})`,
  'input.noCifar10': ({ file }: { file: string }) => `Found ${file}, expected CIFAR-10: ${cifar10}.`,
  'input.undecoded': 'found images where none can be decoded, expected a table or IDX files.',
  'input.trainingTables': ({ found }: { found: readonly string[] }) => `Of tables to train on found ${named(found, 'none')}, expected one.`,
  'input.testTables': ({ found }: { found: readonly string[] }) => `Of tables to test on found ${named(found, 'none')}, expected one.`,
  'input.trainingFolders': ({ found }: { found: readonly string[] }) =>
    `Of folders of images to train on found ${named(found, 'none')}, expected one.`,
  'input.testFolders': ({ found }: { found: readonly string[] }) =>
    `Of folders of images to test on found ${named(found, 'none')}, expected one.`,

  'idx.magic': ({ length }: { length: number }) =>
    `found ${counted(length, 'byte')}, expected an IDX file, which begins with a magic number of 4.`,
  'idx.magicNumber': ({ bytes }: { bytes: string }) =>
    `found the magic number ${bytes}, expected that of an IDX file: 00 00, a type of 08, 09, 0b, 0c, 0d or 0e, and a rank of at least 1.`,
  'idx.header': ({ length, header, rank }: { length: number; header: number; rank: number }) =>
    `found ${counted(length, 'byte')}, expected a header of ${header} for an IDX file of rank ${rank}; the file is cut off.`,
  'idx.length': ({ length, expected, shape, type }: { length: number; expected: number; shape: string; type: string }) =>
    `found ${counted(length, 'byte')}, expected ${expected} for shape ${shape} of type ${type}; ${length < expected ? 'the file is cut off' : 'bytes are left over'}.`,
  'idx.rank': ({ file, rank }: { file: string; rank: number }) => `${file} (rank ${rank})`,
  'idx.files': ({ found }: { found: readonly string[] }) =>
    `Of IDX files found ${named(found, 'none')}, expected one of samples (rank 2 or more) and one of labels (rank 1).`,
  'idx.shape': ({ found, expected, file }: { found: string; expected: string; file: string }) =>
    `found samples of shape ${found}, expected ${expected} as in ${file}.`,
  'idx.sampleType': ({ found, expected, file }: { found: string; expected: string; file: string }) =>
    `found samples of type ${found}, expected ${expected} as in ${file}.`,
  'idx.labelType': ({ found, expected, file }: { found: string; expected: string; file: string }) =>
    `found labels of type ${found}, expected ${expected} as in ${file}.`,
  'idx.labels': ({ found, expected, file }: { found: number; expected: number; file: string }) =>
    `found ${counted(found, 'label')}, expected ${expected}, one for each sample of ${file}.`,
  'idx.noValues': ({ shape }: { shape: string }) => `found no values (shape ${shape}), expected at least one sample.`,
  'idx.notFinite': ({ found, sample }: { found: number; sample: number }) =>
    `found ${found} in sample ${sample} (counted from 0), expected a finite 32-bit number.`,
  'idx.label': ({ found, sample, most }: { found: number; sample: number; most: number }) =>
    `found label ${found} at sample ${sample} (counted from 0), expected ${most > 0 ? `0 to ${most}` : '0 or more'}.`,
  'idx.farLabel': ({ found, sample, last }: { found: number; sample: number; last: number }) =>
    `found label ${found} at sample ${sample} (counted from 0), expected ${last < 0 ? 'classes counted from 0' : `0 to ${last}, the classes that the other labels name`}.`,
  'idx.bytes': ({ found, expected }: { found: string; expected: string }) =>
    `found numbers of shape ${found}, expected bytes of shape ${expected}.`,

  'cifar10.none': ({ found }: { found: readonly string[] }) => `Of CIFAR-10 found ${named(found, 'no files')}, expected ${cifar10}.`,
  'cifar10.label': ({ found, record }: { found: number; record: number }) =>
    `found label ${found} in record ${record} (counted from 0), expected 0 to 9.`,
  'cifar10.length': ({ length, record, whole }: { length: number; record: number; whole: number }) =>
    `found ${counted(length, 'byte')}, expected a multiple of ${record}, the bytes of one CIFAR-10 record${whole > 0 ? `; ${length - whole * record} follow the last of ${whole} whole ones` : ''}.`,
  'cifar10.names': ({ found }: { found: number }) =>
    `found ${counted(found, 'different name')}, expected those of ten classes, one a line.`,
  'preset.unknown': ({ found, choices }: { found: string; choices: readonly string[] }) =>
    `Found the preset "${found}", expected one of ${listed(choices)}.`,
  'preset.noCifar10': ({ preset }: { preset: string }) =>
    `The preset ${preset} trains on your own copy of CIFAR-10: found no files, expected ${cifar10}.`,

  'images.noFolder': `found no folder of images, expected ${folders}.`,
  'images.oneClass': ({ found }: { found: string }) => `found one class, ${found}, expected ${folders}.`,
  'images.unknownClass': ({ found, classes }: { found: string; classes: readonly string[] }) =>
    `found the class ${found} to test on, expected those that are trained on: ${listed(classes)}.`,
  'images.emptyFolder': ({ folder }: { folder: string }) => `found the folder ${folder} empty, expected images of that class.`,
  'images.outside': `found an image outside the folders of the classes, expected ${folders}.`,
  'images.undecodable': ({ length }: { length: number }) =>
    `found ${counted(length, 'byte')} that do not decode as an image, expected a whole PNG or JPEG file.`,

  'zip.size': ({ found, most }: { found: number; most: number }) => `found ${found} bytes when unpacked, expected at most ${most}.`,
  'zip.noDirectory': 'found a ZIP archive without its directory, as one that is cut off, expected a whole one.',
  'zip.zip64': 'found a ZIP64 archive, expected an ordinary ZIP archive.',
  'zip.directory': ({ entry, count }: { entry: number; count: number }) =>
    `found a ZIP archive whose directory is damaged at entry ${entry} of ${count}, expected a whole one.`,
  'zip.encrypted': 'found an encrypted file, expected one that opens without a password.',
  'zip.noFile': 'found no file where the archive says it is, expected a whole ZIP archive.',
  'zip.cut': ({ found, expected }: { found: number; expected: number }) =>
    `found ${found} bytes of ${expected}, expected a whole ZIP archive.`,
  'zip.method': ({ found }: { found: number }) =>
    `found the compression method ${found}, expected 0 (stored) or 8 (deflated), as every program writes.`,
  'zip.damaged': 'found data that is damaged, expected a whole ZIP archive.',

  'csv.openQuote':
    'found a quoted field that never ends, expected a quoted field closed by " and followed by a delimiter or the line\'s end.',
  'csv.afterQuote': 'found text after a closing quote, expected a quoted field closed by " and followed by a delimiter or the line\'s end.',
  'csv.empty': 'found an empty file, expected CSV with a header line and rows.',
  'csv.noRows': ({ line }: { line: number }) => `found a header at line ${line} and no rows, expected at least one row.`,
  'csv.fields': ({ found, expected, header }: { found: number; expected: number; header: number }) =>
    `found ${counted(found, 'field')}, expected ${expected} as in the header at line ${header}.`,
  'csv.prose': ({ start }: { start: string }) =>
    `found text that is no table (it begins with "${start}"), expected CSV whose first line names at least two columns, parted by commas, semicolons, tabs or bars.`,
  'csv.onlyNumbers': ({ found }: { found: string }) => `found only numbers (${found}), expected a header that names the columns.`,
  'csv.noName': ({ column, count }: { column: number; count: number }) =>
    `found no name for column ${column} of ${count} in the header, expected a name for each.`,
  'csv.repeated': ({ name, first, second }: { name: string; first: number; second: number }) =>
    `found the name "${name}" for columns ${first} and ${second} in the header, expected each name once.`,

  'table.tooLarge': ({ found }: { found: string }) => `found ${found}, expected a number within the range of 32-bit floats.`,
  'table.noColumn': ({ found, use, columns }: { found: string; use: string; columns: readonly string[] }) =>
    `found no column "${found}" for ${use}, expected one of ${listed(columns.map((column) => `"${column}"`))}.`,
  'use.target': 'the target',
  'use.leavingOut': 'leaving out',
  'use.feature': 'a feature',
  'use.testing': 'testing',
  'use.training': 'training',
  'table.targetLeftOut': ({ column }: { column: string }) =>
    `found column "${column}" both as target and left out, expected one of the two.`,
  'table.nothingToPredict': 'found no value in any row, expected values to predict.',
  'table.nothingToCompare': 'found no value in any row, expected values to compare with.',
  'table.noFeature': ({ target, leftOut }: { target: string; leftOut: readonly string[] }) =>
    `found no column to learn from besides the target "${target}", expected at least one${leftOut.length > 0 ? ` (left out: ${leftOut.join('; ')})` : ''}.`,
  'table.leftOut': ({ column, why }: { column: string; why: string }) => `"${column}", ${why}`,
  'table.kind': ({ column, found, expected }: { column: string; found: string; expected: string }) =>
    `found column "${column}" of kind ${found}, expected ${expected} as in the training file.`,
  'target.dates': 'found dates, expected categories or numbers.',
  'target.oneClass': ({ found }: { found: string }) => `found ${found} in every row, expected at least two classes.`,
  'target.names': ({ kinds, rows }: { kinds: number; rows: number }) =>
    `found ${counted(kinds, 'different value')} in ${counted(rows, 'row')}, expected classes that repeat, or numbers.`,
  'target.odd': ({ text, place }: { text: string; place: string }) => `found "${text}" at ${place}, expected numbers for a regression.`,
  'target.text': ({ text }: { text: string }) => `found text such as "${text}", expected numbers for a regression.`,
  'target.unknown': ({ found, classes }: { found: string; classes: readonly string[] }) =>
    `found ${found}, expected a class of the training file: ${listed(classes)}.`,
  'split.fraction': ({ found }: { found: number }) =>
    `found a test fraction of ${found}, expected a number from 0 up to but not including 1.`,
  'split.nothing': ({ fraction, count }: { fraction: number; count: number }) =>
    `a test fraction of ${fraction} of ${counted(count, 'sample')} leaves none to train on, expected at least one.`,
  'synthetic.samples': ({ found }: { found: number }) => `found ${found} samples, expected a whole number of at least 2.`,
  'synthetic.noise': ({ found }: { found: number }) => `found a noise of ${found}, expected a number of at least 0.`,
}
