/** Own files: data, with a preview in a dialog before anything trains, a model, or parameters. */
import type { Dataset } from '../../data/types.ts'
import { readFiles, trainingFirst, type DataInput } from '../../data/files.ts'
import type { ImageFolder } from '../../data/image-folder.ts'
import { decodeImages, type ImageSet } from '../../data/image-set.ts'
import type { DataFile } from '../../data/source.ts'
import { decodeText, firstByte } from '../../data/text.ts'
import { InputError, wrong, wrongAt } from '../../errors.ts'
import { parseJson } from '../../json.ts'
import { moments } from '../../kernels/optimizer.ts'
import { readSafetensors } from '../../model/safetensors.ts'
import { shapeText } from '../../model/shape.ts'
import { parametersOf } from '../../model/shapes.ts'
import type { ModelFile, Network } from '../../model/types.ts'
import { parseModelText } from '../../model/validate.ts'
import { message } from '../../words/say.ts'
import { decodeImage } from '../browser/decode-image.ts'
import { suggested } from '../run/describe.ts'
import type { Loaded } from '../run/incoming.ts'
import type { Services } from '../run/services.ts'
import type { Session } from '../run/session.ts'
import type { Description } from '../run/state.ts'
import { notice } from '../ui/notices.ts'
import { t } from '../words/language.ts'
import { readChosen, type Chosen } from './chosen-files.ts'
import type { Accept } from './import-dialog.tsx'
import { imagesDialog } from './import-images.tsx'
import { labelledDialog } from './import-labelled.tsx'
import { tableDialog } from './import-table.tsx'
import { isWorthTelling, withProgress } from './progress.ts'

/** Only the latest files that were opened may still say something. */
let latest = 0

/** Takes what is dropped in place of the ordinary import, while a dialog asks for it. */
let receiver: ((chosen: Chosen[]) => Promise<void>) | null = null

/** Hands what is dropped from now on to `take`; answers with the way to end that. */
export function receiveFiles(take: (chosen: Chosen[]) => Promise<void>): () => void {
  receiver = take
  return () => (receiver = null)
}

export async function openFiles(session: Session, services: Services, chosen: Chosen[]): Promise<void> {
  if (chosen.length === 0) return
  if (receiver) return receiver(chosen)
  const ticket = ++latest
  const withdraw = () => {
    if (ticket === latest && session.state.value.problem?.place === 'data') session.state.set({ problem: null })
  }
  withdraw()
  try {
    const inputs = await withProgress((say) =>
      readChosen(chosen, (done, total) => isWorthTelling(done, total) && say(t('files.progress.read', { done, total }))),
    )
    await take(session, services, inputs)
    withdraw()
  } catch (error) {
    if (!(error instanceof InputError)) console.warn(error)
    if (ticket === latest) session.problem('data', error)
  }
}

async function take(session: Session, services: Services, inputs: DataInput[]): Promise<void> {
  const files = inputs.filter((input) => !('entries' in input)) as DataFile[]
  const parameters = files.find(({ name }) => name.toLowerCase().endsWith('.safetensors'))
  const model = files.find((file) => file !== parameters && isModel(file))
  const data = trainingFirst(inputs.filter((input) => input !== parameters && input !== model))
  if (data.length === 0) return takeModel(session, model, parameters)
  if (model || parameters) throw wrong('files.mixed', { names: inputs.map(({ name }) => name) })
  const accept: Accept = (dataset) => session.useData(dataset, startFor(session, dataset))
  const read = await readFiles(data)
  switch (read.kind) {
    case 'table':
      return tableDialog(read.table, read.file, read.test, accept)
    case 'idx':
      return labelledDialog(read.labelled, false, accept)
    case 'cifar10':
      return labelledDialog(read.labelled, true, async (dataset) => {
        const refused = await accept(dataset)
        if (refused === null) services.own.cifar10 = dataset
        return refused
      })
    case 'images':
      return imagesDialog(await decoded(read.folder), accept)
  }
}

/** Decodes what may be many images, and says how far it is. */
const decoded = (folder: ImageFolder): Promise<ImageSet> =>
  withProgress((say) =>
    decodeImages(folder, decodeImage, {
      onProgress: (done, total) => isWorthTelling(done, total) && say(t('files.progress.decoded', { name: folder.name, done, total })),
    }),
  )

const keysTold = 5

/** Whether a file is a JSON object that describes a model. @throws InputError when it is an object that does not */
function isModel({ name, bytes }: DataFile): boolean {
  if (!/\.json(\.gz)?$/i.test(name) || firstByte(bytes) !== 0x7b) return false
  const keys = Object.keys(parseJson(name, decodeText(name, bytes), message('json.dataOrModel')) as object)
  if (keys.some((key) => ['format', 'layers', 'optimizer', 'loss'].includes(key))) return true
  throw wrong('files.object', { name, keys: keys.slice(0, keysTold).map((key) => JSON.stringify(key)), more: keys.length > keysTold })
}

async function takeModel(session: Session, model: DataFile | undefined, stored: DataFile | undefined): Promise<void> {
  if (model) {
    const parsed = parseModelText(new TextDecoder().decode(model.bytes), model.name)
    const parameters = stored && parametersFor(stored, parsed)
    const refused = await session.useModel(descriptionOf(parsed, session.state.value.draft), parameters)
    if (refused) throw refused instanceof InputError ? refused.of(model.name) : new InputError(refused, { source: model.name })
    notice(message('files.model', { name: model.name }), 'done')
    return
  }
  if (!stored) return
  const loaded = await session.loadParameters((network) => parametersFor(stored, network))
  if (loaded) notice(loadedText(stored.name, loaded, session.trainers.length), 'done')
}

/** Where parameters went, and what became of the moments that an optimizer had gathered for the ones before. */
export function loadedText(name: string, { trainers, step }: Loaded, networks: number): string {
  const into =
    trainers.length === 1 && networks === 1
      ? message('files.parameters.into')
      : message('files.parameters.intoSome', { some: trainers.length, all: networks })
  if (step === 0) return t('files.parameters.begin', { name, into })
  const kept = moments(trainers[0]!.model.optimizer)
  if (kept.length === 0) return t('files.parameters', { name, into })
  return t(kept.includes('first') ? 'files.parameters.momentum' : 'files.parameters.squares', { name, into })
}

function descriptionOf(model: ModelFile, now: Description | null): Description {
  const { format, input, layers, ...training } = model
  return { input, layers, training, perturbation: now?.perturbation ?? 0, shuffle: now?.shuffle ?? true, epochs: now?.epochs ?? null }
}

/** The parameters of a safetensors file under the model's names and shapes. Throws an InputError where one is missing or of another shape. */
function parametersFor({ name, bytes }: DataFile, model: Network): Record<string, Float32Array> {
  const { tensors } = readSafetensors(bytes, name)
  // A training case keeps its first parameters under `init.`.
  const of = (path: string) => tensors[path] ?? tensors[`init.${path}`]
  return Object.fromEntries(
    parametersOf(model).map(({ path, shape }) => {
      const tensor = of(path)
      const expected = shapeText(shape)
      if (!tensor) throw wrongAt(path, 'tensors.missing', { shape: expected }).of(name)
      const found = shapeText(tensor.shape)
      if (found !== expected) throw wrongAt(path, 'tensors.shape', { found, shape: expected }).of(name)
      return [path, Float32Array.from(tensor.data)]
    }),
  )
}

/** A small network that fits the new data, under the seed at hand. */
function startFor(session: Session, dataset: Dataset): Description {
  const { draft, running } = session.state.value
  const start = suggested(dataset)
  const seed = (running ?? draft)?.training.seed ?? 1
  return { ...start, training: { ...start.training, seed } }
}
