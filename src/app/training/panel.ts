/** 3 Training: loss, optimizer, learning rate and the rest, as lil-gui rows. */
import { GUI } from 'lil-gui'
import type { Fields } from '../../model/catalogue/field.ts'
import { lossKind, lossNames } from '../../model/catalogue/losses.ts'
import { optimizerKind, optimizerNames, type Optimizer } from '../../model/catalogue/optimizers.ts'
import { scheduleKind, scheduleNames, type ScheduleName } from '../../model/catalogue/schedules.ts'
import { byId, h } from '../ui/dom.ts'
import { problemOf } from '../ui/problem.ts'
import { accumulateRow, augmentationRows, decayRows, evaluationRows, explainedAids, warmupRow } from './aid-rows.ts'
import { rowsIn, where, type Edit, type Field, type Rows } from './rows.ts'
import { changeSchedule, withSpan } from '../run/schedule.ts'
import type { Session } from '../run/session.ts'
import type { Description } from '../run/state.ts'
import { whenSteady } from '../ui/steady.ts'

const losses = byTitle(lossNames, lossKind)
const optimizerChoices = byTitle(optimizerNames, (type) => optimizerKind({ type }))
const scheduleChoices = { constant: 'none' as const, ...byTitle(scheduleNames, (type) => scheduleKind({ type })) }

/** The optimizers' own numbers but for ε, which files alone set, and which of them have each. */
const optimizerNumbers = numbersOf(optimizerNames, (type) => optimizerKind({ type }).fields).filter(({ key }) => key !== 'eps')
const scheduleNumbers = numbersOf(scheduleNames, (type) => scheduleKind({ type }).fields)
/** What the rail calls a schedule's numbers. */
const scheduleLabels: Record<string, string> = { steps: 'over steps', every: 'every steps', minimum: 'at least' }

export function trainingRail(session: Session): void {
  const [main, rest] = [byId('essentials'), h('div', {})]
  const problem = problemOf(session, 'training')
  byId('training').append(rest, problem)
  session.state.watch(
    (state) => state.loading !== null,
    (loading) => (main.inert = rest.inert = loading),
  )
  let fields: Field[] = []

  const show = () => {
    const { draft } = session.state.value
    if (!draft) return
    if (fields.length === 0) fields = fieldsIn(main, rest, draft, session, () => whenSteady(show))
    for (const { controller, isIn } of fields) if (isIn) controller.show(isIn(draft, sampleOf(session)))
    tell()
  }
  /** The sentence stands under the row that it speaks of. */
  const tell = () => {
    const { problem: found } = session.state.value
    const at = found?.place === 'training' ? found.field : undefined
    for (const { name, input } of fields) input?.setAttribute('aria-invalid', String(name === at))
    ;(fields.find(({ name }) => name === at)?.controller.domElement ?? rest).after(problem)
  }
  session.state.watch(
    (state) => state.draft,
    (draft) => {
      if (draft) for (const field of fields) field.show(draft)
      whenSteady(show)
    },
  )
  session.state.watch(
    (state) => state.problem,
    () => whenSteady(tell),
  )
}

function fieldsIn(main: HTMLElement, rest: HTMLElement, draft: Description, session: Session, refresh: () => void): Field[] {
  const samples = () => session.state.value.draftDataset?.train.count ?? 1
  const edit: Edit = (change, field) => {
    session.edit(withSpan(change, samples()), field)
    // Also where the edit changes nothing: a field then shows again what holds.
    queueMicrotask(() => {
      const { draft: now } = session.state.value
      if (now) for (const own of fields) own.show(now)
      refresh()
    })
  }
  const fields = [
    ...essentialFields(rowsIn(guiIn(main, 'Main training settings'), draft, edit), edit),
    ...otherFields(rowsIn(guiIn(rest, 'Further training settings'), draft, edit), samples),
  ]
  for (const field of fields) field.controller.domElement.title = explained[field.name] ?? ''
  return fields
}

function guiIn(container: HTMLElement, label: string): GUI {
  const gui = new GUI({ container, autoPlace: false, title: '' })
  gui.domElement.querySelector('.lil-title')?.remove()
  gui.domElement.setAttribute('role', 'group')
  gui.domElement.setAttribute('aria-label', label)
  return gui
}

const of = (key: string) => (next: Description) => (next.training.optimizer as unknown as Record<string, unknown>)[key]
const setOf = (key: string) => (next: Description, value: number) => void Object.assign(next.training.optimizer, { [key]: value })
const ofSchedule = (key: string) => (next: Description) => (next.training.schedule as Record<string, unknown> | undefined)?.[key]
const setOfSchedule = (key: string) => (next: Description, value: number) =>
  void Object.assign(next.training.schedule ?? {}, { [key]: value })

/** What is changed most: always in sight, over the stages. */
const essentialFields = ({ choice, number }: Rows, edit: Edit): Field[] => [
  withSlider(number('learningRate', 'Learning rate', of('learningRate'), setOf('learningRate')), edit),
  choice('optimizer', 'Optimizer', optimizerChoices, (next) => next.training.optimizer.type, changeOptimizer),
  number(
    'batchSize',
    'Batch size',
    (next) => next.training.batchSize,
    (next, value) => void (next.training.batchSize = value),
  ),
]

function otherFields(rows: Rows, samples: () => number): Field[] {
  const { choice, number } = rows
  return [
    choice(
      'loss',
      'Loss',
      losses,
      (next) => next.training.loss,
      (next, loss) => void (next.training.loss = loss),
    ),
    choice(
      'schedule',
      'Schedule',
      scheduleChoices,
      (next) => next.training.schedule?.type ?? 'none',
      (next, type) => changeSchedule(next, type, samples()),
    ),
    ...scheduleNumbers.flatMap(({ key, label, fallback, of: whose }) =>
      where(
        ({ training }) => whose.includes(training.schedule?.type as ScheduleName),
        number(scheduleField(key), scheduleLabels[key] ?? label, (next) => ofSchedule(key)(next) ?? fallback, setOfSchedule(key)),
      ),
    ),
    warmupRow(rows),
    ...optimizerNumbers.flatMap(({ key, label, fallback, of: whose }) =>
      where(
        ({ training }) => whose.includes(training.optimizer.type),
        number(key, label, (next) => of(key)(next) ?? fallback, setOf(key)),
      ),
    ),
    number('weightDecay', 'Weight decay', (next) => next.training.optimizer.weightDecay ?? 0, setOf('weightDecay')),
    ...decayRows(rows),
    accumulateRow(rows),
    ...augmentationRows(rows),
    number(
      'epochs',
      'Epochs',
      (next) => next.epochs ?? '∞',
      (next, value) => void (next.epochs = /^\s*(∞|none)?\s*$/.test(String(value)) ? null : value),
    ),
    ...evaluationRows(rows),
    choice(
      'clipping',
      'Clip gradients',
      { off: 'off', 'by global norm': 'on' },
      (next) => (next.training.clipNorm === undefined ? 'off' : 'on'),
      changeClipping,
    ),
    ...where(
      ({ training }) => training.clipNorm !== undefined,
      number(
        'clipNorm',
        'to norm',
        (next) => next.training.clipNorm,
        (next, value) => void (next.training.clipNorm = value),
      ),
    ),
    number(
      'perturbation',
      'Weight noise ±',
      (next) => next.perturbation,
      (next, value) => void (next.perturbation = value),
    ),
    number(
      'seed',
      'Seed',
      (next) => next.training.seed,
      (next, value) => void (next.training.seed = value),
    ),
  ]
}

/** Early stopping has a patience too. */
const scheduleField = (key: string) => (key === 'patience' ? 'plateauPatience' : key)

const explained: Record<string, string> = {
  ...explainedAids,
  perturbation:
    'The article’s random perturbation: added to every weight after each update, at random and uniform between minus and plus this number. 0: none.',
  clipNorm: 'When all gradients together are longer than this, they are scaled down to it before the update.',
  epochs: 'The run ends after so many; Play then trains as many again. ∞: it goes on.',
  steps:
    'The learning rate reaches its minimum after so many steps. While that is the whole run, it follows the epochs and the batch size.',
  seed: 'The same seed gives the same data, initial weights, shuffling, dropout and motion of images: the same run, bit for bit.',
}

/** Shape of a sample of the data that the rail is for. */
const sampleOf = (session: Session): readonly number[] => session.state.value.draftDataset?.inputShape ?? []

function changeOptimizer(next: Description, type: Optimizer['type']): void {
  const { learningRate, weightDecay, decayBiasAndNorm } = next.training.optimizer
  next.training.optimizer = {
    type,
    learningRate,
    ...(weightDecay !== undefined && { weightDecay }),
    ...(decayBiasAndNorm !== undefined && { decayBiasAndNorm }),
  }
}

function changeClipping(next: Description, on: 'on' | 'off'): void {
  if (on === 'on') next.training.clipNorm = 1
  else delete next.training.clipNorm
}

const decades = { lowest: -5, highest: 1 }

/** A slider over powers of ten beside the learning rate's field. */
function withSlider(field: Field, edit: Edit): Field {
  const slider = h('input', {
    type: 'range',
    min: decades.lowest,
    max: decades.highest,
    step: 0.05,
    'aria-label': 'Learning rate, on a logarithmic scale',
    oninput: () => {
      const value = Number((10 ** Number(slider.value)).toPrecision(2))
      edit((draft) => void (draft.training.optimizer.learningRate = value), 'learningRate')
    },
  })
  field.controller.domElement.classList.add('learning-rate')
  field.controller.$widget.prepend(slider)
  return {
    ...field,
    show(draft) {
      field.show(draft)
      const value = Math.log10(draft.training.optimizer.learningRate)
      if (Number.isFinite(value)) slider.value = String(value)
      slider.setAttribute('aria-valuetext', String(draft.training.optimizer.learningRate))
      slider.style.setProperty('--filled', `${(100 * (Number(slider.value) - decades.lowest)) / (decades.highest - decades.lowest)}%`)
    },
  }
}

function byTitle<Name extends string>(names: readonly Name[], kind: (name: Name) => { title: string }): Record<string, Name> {
  return Object.fromEntries(names.map((name) => [kind(name).title, name]))
}

interface OwnNumber<Name> {
  key: string
  label: string
  fallback: number | undefined
  /** Which kinds have it. */
  of: Name[]
}

/** Every number that some of these kinds have, once. */
function numbersOf<Name extends string>(names: readonly Name[], fields: (name: Name) => Fields): OwnNumber<Name>[] {
  const numbers = new Map<string, OwnNumber<Name>>()
  for (const name of names)
    for (const [key, field] of Object.entries(fields(name))) {
      if (field.kind !== 'number') continue
      const known = numbers.get(key)
      if (known) known.of.push(name)
      else numbers.set(key, { key, label: field.symbol ?? key, fallback: field.fallback as number | undefined, of: [name] })
    }
  return [...numbers.values()]
}
