/** Own files: data, with a preview in a dialog before anything trains, a model, or parameters. */
import type { Dataset } from '../data/types.ts'
import { idxFromFiles, kindOfFile, tableFromFile, trainingFirst } from '../data/files.ts'
import { refuseForeign } from '../data/foreign.ts'
import { gunzip } from '../data/gzip.ts'
import type { DataFile } from '../data/source.ts'
import { decodeText } from '../data/text.ts'
import { InputError } from '../errors.ts'
import { parseJson } from '../json.ts'
import { readSafetensors } from '../model/safetensors.ts'
import { parametersOf, shapeText } from '../model/shapes.ts'
import type { ModelFile } from '../model/types.ts'
import { parseModelText } from '../model/validate.ts'
import { suggested } from './describe.ts'
import { byId, h } from './dom.ts'
import type { Accept } from './import-dialog.ts'
import { idxDialog } from './import-idx.ts'
import { tableDialog } from './import-table.ts'
import { notice } from './notices.ts'
import type { Session } from './session.ts'
import type { Description } from './state.ts'

/** Larger files would not fit in memory beside their parsed form. */
const largestFile = 2 ** 31

/** Only the latest files that were opened may still say something. */
let latest = 0

export async function openFiles(session: Session, chosen: File[]): Promise<void> {
  if (chosen.length === 0) return
  const ticket = ++latest
  const tell = (message: string | null) => {
    if (ticket !== latest) return
    if (message !== null) session.problem('data', message)
    else if (session.state.value.problem?.place === 'data') session.state.set({ problem: null })
  }
  tell(null)
  try {
    const large = chosen.find((file) => file.size > largestFile)
    if (large) throw new InputError(`${large.name} has ${large.size} bytes, expected at most ${largestFile}.`)
    const files = await Promise.all(
      chosen.map(async (file): Promise<DataFile> => ({
        name: file.name,
        bytes: await gunzip(file.name, new Uint8Array(await file.arrayBuffer())),
      })),
    )
    await take(session, files)
    tell(null)
  } catch (error) {
    if (!(error instanceof InputError)) console.warn(error)
    tell(error instanceof Error ? error.message : String(error))
  }
}

async function take(session: Session, files: DataFile[]): Promise<void> {
  for (const { name, bytes } of files) refuseForeign(name, bytes)
  const parameters = files.find(({ name }) => name.toLowerCase().endsWith('.safetensors'))
  const model = files.find((file) => file !== parameters && isModel(file))
  const data = trainingFirst(files.filter((file) => file !== parameters && file !== model))
  if (data.length === 0) return takeModel(session, model, parameters)
  if (model || parameters)
    throw new InputError(
      `Found ${files.map(({ name }) => name).join(', ')}, expected either data or a model with its parameters, one after the other.`,
    )
  const accept: Accept = (dataset) => session.useData(dataset, startFor(session, dataset))
  if (kindOfFile(data[0]!) === 'idx') idxDialog(await idxFromFiles(data), accept)
  else tableDialog(await tableFromFile(data[0]!), data, accept)
}

/** Whether a file is a JSON object that describes a model. @throws InputError when it is an object that does not */
function isModel({ name, bytes }: DataFile): boolean {
  if (!/\.json(\.gz)?$/i.test(name) || bytes.find((byte) => byte > 0x20) !== 0x7b) return false
  const keys = Object.keys(parseJson(name, decodeText(name, bytes), 'data or a model') as object)
  if (keys.some((key) => ['format', 'layers', 'optimizer', 'loss'].includes(key))) return true
  const found =
    keys.length === 0
      ? 'no key'
      : `the ${keys.length === 1 ? 'key' : 'keys'} ${keys
          .slice(0, 5)
          .map((key) => JSON.stringify(key))
          .join(', ')}${keys.length > 5 ? ', …' : ''}`
  throw new InputError(
    `${name}: found an object with ${found}, expected data (an array of records) or a model (an object with "format", "input", "layers", "loss" and "optimizer").`,
  )
}

async function takeModel(session: Session, model: DataFile | undefined, stored: DataFile | undefined): Promise<void> {
  if (model) {
    const parsed = parseModelText(new TextDecoder().decode(model.bytes), model.name)
    const parameters = stored && parametersFor(stored, parsed)
    const refused = await session.useModel(descriptionOf(parsed, session.state.value.draft), parameters)
    if (refused) throw new InputError(`${model.name}: ${refused.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`)
    notice(`The network of ${model.name} trains now; Undo brings back the one before.`, 'done')
    return
  }
  const trainer = session.trainer
  if (!stored || !trainer) return
  await session.loadParameters(parametersFor(stored, trainer.model))
  notice(`The parameters of ${stored.name} are in the network now.`, 'done')
}

function descriptionOf(model: ModelFile, now: Description | null): Description {
  const { format, input, layers, ...training } = model
  return { input, layers, training, perturbation: now?.perturbation ?? 0, shuffle: now?.shuffle ?? true, epochs: now?.epochs ?? null }
}

/** The parameters of a safetensors file under the model's names and shapes. Throws an InputError where one is missing or of another shape. */
function parametersFor({ name, bytes }: DataFile, model: ModelFile): Record<string, Float32Array> {
  const { tensors } = readSafetensors(bytes, name)
  // A training case keeps its first parameters under `init.`.
  const of = (path: string) => tensors[path] ?? tensors[`init.${path}`]
  return Object.fromEntries(
    parametersOf(model).map(({ path, shape }) => {
      const tensor = of(path)
      if (!tensor) throw new InputError(`${name} holds no ${path}, expected one of shape ${shapeText(shape)}`)
      if (shapeText(tensor.shape) !== shapeText(shape))
        throw new InputError(`${name}: ${path} has shape ${shapeText(tensor.shape)}, expected ${shapeText(shape)}`)
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

/** Files dropped anywhere on the page. */
export function dropping(session: Session): void {
  let depth = 0
  const files = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
  const show = (by: number) => {
    depth = Math.max(0, depth + by)
    document.body.toggleAttribute('data-dragging', depth > 0)
  }
  addEventListener('dragenter', (event) => files(event) && show(1))
  addEventListener('dragleave', (event) => files(event) && show(-1))
  addEventListener('dragover', (event) => files(event) && event.preventDefault())
  addEventListener('drop', (event) => {
    if (!files(event)) return
    event.preventDefault()
    show(-depth)
    void openFiles(session, [...(event.dataTransfer?.files ?? [])])
  })
  document.body.append(h('div', { id: 'drop-hint', 'aria-hidden': true }, h('span', {}, 'Drop CSV, JSON or IDX data, or a model')))
  byId('view').addEventListener('dragstart', (event) => event.preventDefault())
}
