/** 3 Training: loss, optimizer, learning rate and the rest, as lil-gui rows. */
import { GUI } from 'lil-gui'
import type { LossName, Optimizer } from '../model/types.ts'
import { byId, h } from './dom.ts'
import { problemOf } from './problem.ts'
import { accumulateRow, aidsShown, augmentationRows, decayRow, evaluationRows, explainedAids, warmupRow } from './rail-aids.ts'
import { rowsIn, type Edit, type Field } from './rail-rows.ts'
import { changeSchedule, withSpan } from './schedule.ts'
import type { Session } from './session.ts'
import type { Description } from './state.ts'
import { lossLabels } from './wording.ts'

const losses = Object.fromEntries(Object.entries(lossLabels).map(([name, label]) => [label, name as LossName]))
const optimizers: Record<string, Optimizer['type']> = { SGD: 'sgd', Adam: 'adam', AdamW: 'adamw', RMSprop: 'rmsprop', Adagrad: 'adagrad' }
const schedules = { constant: 'none', cosine: 'cosine', steps: 'step', exponential: 'exponential', 'on a plateau': 'plateau' } as const

/** The optimizer's own numbers: what each optimizer takes, its name on the page and PyTorch's default. */
const extras: Record<Optimizer['type'], readonly [key: string, name: string, byDefault: number][]> = {
  sgd: [['momentum', 'momentum', 0]],
  adam: [
    ['beta1', 'β₁', 0.9],
    ['beta2', 'β₂', 0.999],
  ],
  adamw: [
    ['beta1', 'β₁', 0.9],
    ['beta2', 'β₂', 0.999],
  ],
  rmsprop: [['decay', 'decay', 0.99]],
  adagrad: [],
}

export function trainingRail(session: Session): void {
  const host = h('div', { class: 'gui' })
  const problem = problemOf(session, 'training')
  byId('training').append(host, problem)
  session.state.watch(
    (state) => state.loading !== null,
    (loading) => (host.inert = loading),
  )
  let gui: GUI | null = null
  let made = ''
  let fields: Field[] = []

  session.state.watch(
    (state) => state.draft,
    (draft) => {
      if (!draft) return
      const { optimizer, schedule } = draft.training
      // Rows are made anew only when there must be others; else they take the new values, and focus stays where it is.
      const shown = aidsShown(draft, sampleOf(session))
      const rows = [optimizer.type, schedule?.type, draft.training.clipNorm === undefined, ...Object.values(shown)].join()
      if (rows !== made) {
        const focused = (document.activeElement as HTMLElement | null)?.getAttribute('aria-label')
        gui?.destroy()
        gui = new GUI({ container: host, autoPlace: false, title: '' })
        gui.domElement.querySelector('.lil-title')?.remove()
        fields = rowsOf(gui, draft, session)
        made = rows
        if (focused) host.querySelector<HTMLElement>(`[aria-label=${JSON.stringify(focused)}]`)?.focus()
      }
      for (const field of fields) field.show(draft)
    },
  )
  session.state.watch(
    (state) => state.problem,
    (found) => {
      const at = found?.place === 'training' ? found.field : undefined
      for (const field of fields) {
        const wrong = at !== undefined && field.name === at
        field.input?.setAttribute('aria-invalid', String(wrong))
        if (wrong) field.controller.domElement.after(problem)
      }
      if (at === undefined || !fields.some((field) => field.name === at)) host.after(problem)
    },
  )
}

function rowsOf(gui: GUI, draft: Description, session: Session): Field[] {
  const { optimizer, schedule, clipNorm } = draft.training
  const samples = () => session.state.value.draftDataset?.train.count ?? 1
  const edit: Edit = (change, field) => session.edit(withSpan(change, samples()), field)
  const shown = aidsShown(draft, sampleOf(session))
  const rows = rowsIn(gui, draft, edit)
  const { choice, number } = rows
  const of = (key: string) => (next: Description) => (next.training.optimizer as unknown as Record<string, unknown>)[key]
  const setOf = (key: string) => (next: Description, value: number) => void Object.assign(next.training.optimizer, { [key]: value })
  const ofSchedule = (key: string) => (next: Description) => (next.training.schedule as Record<string, unknown> | undefined)?.[key]
  const setOfSchedule = (key: string) => (next: Description, value: number) =>
    void Object.assign(next.training.schedule ?? {}, { [key]: value })

  const fields: Field[] = [
    choice(
      'loss',
      'Loss',
      losses,
      (next) => next.training.loss,
      (next, loss) => void (next.training.loss = loss),
    ),
    choice('optimizer', 'Optimizer', optimizers, (next) => next.training.optimizer.type, changeOptimizer),
  ]
  const rate = number('learningRate', 'Learning rate', of('learningRate'), setOf('learningRate'))
  fields.push(withSlider(rate, edit))
  fields.push(
    choice(
      'schedule',
      'Schedule',
      schedules,
      (next) => next.training.schedule?.type ?? 'none',
      (next, type) => changeSchedule(next, type, samples()),
    ),
  )
  if (schedule?.type === 'cosine') fields.push(number('steps', 'over steps', ofSchedule('steps'), setOfSchedule('steps')))
  if (schedule?.type === 'step') fields.push(number('every', 'every steps', ofSchedule('every'), setOfSchedule('every')))
  if (schedule?.type === 'step' || schedule?.type === 'exponential' || schedule?.type === 'plateau')
    fields.push(number('factor', 'factor', ofSchedule('factor'), setOfSchedule('factor')))
  if (schedule?.type === 'plateau')
    fields.push(
      number('plateauPatience', 'patience', ofSchedule('patience'), setOfSchedule('patience')),
      number('minimum', 'at least', (next) => ofSchedule('minimum')(next) ?? 0, setOfSchedule('minimum')),
    )
  fields.push(warmupRow(rows))
  for (const [key, name, byDefault] of extras[optimizer.type])
    fields.push(number(key, name, (next) => of(key)(next) ?? byDefault, setOf(key)))
  fields.push(
    number('weightDecay', 'Weight decay', (next) => next.training.optimizer.weightDecay ?? 0, setOf('weightDecay')),
    ...(shown.decays ? [decayRow(rows)] : []),
    number(
      'batchSize',
      'Batch size',
      (next) => next.training.batchSize,
      (next, value) => void (next.training.batchSize = value),
    ),
    accumulateRow(rows),
    ...(shown.images ? augmentationRows(rows) : []),
    number(
      'epochs',
      'Epochs',
      (next) => next.epochs ?? '∞',
      (next, value) => void (next.epochs = /^\s*(∞|none)?\s*$/.test(String(value)) ? null : value),
    ),
    ...evaluationRows(rows, shown.ends),
    choice(
      'clipping',
      'Clip gradients',
      { off: 'off', 'by global norm': 'on' },
      (next) => (next.training.clipNorm === undefined ? 'off' : 'on'),
      changeClipping,
    ),
  )
  if (clipNorm !== undefined)
    fields.push(
      number(
        'clipNorm',
        'to norm',
        (next) => next.training.clipNorm,
        (next, value) => void (next.training.clipNorm = value),
      ),
    )
  fields.push(
    number(
      'perturbation',
      'Perturb by ±',
      (next) => next.perturbation,
      (next, value) => void (next.perturbation = value),
    ),
    number(
      'seed',
      'Seed',
      (next) => next.training.seed,
      (next, value) => void (next.training.seed = value),
    ),
  )
  const explain: Record<string, string> = {
    ...explainedAids,
    perturbation:
      'The article’s random perturbation: added to every weight after each update, at random and uniform between minus and plus this number. 0: none.',
    clipNorm: 'When all gradients together are longer than this, they are scaled down to it before the update.',
    epochs: 'The run ends after so many; Play then trains as many again. ∞: it goes on.',
    steps:
      'The learning rate reaches its minimum after so many steps. While that is the whole run, it follows the epochs and the batch size.',
    seed: 'The same seed gives the same data, initial weights, shuffling, dropout and motion of images: the same run, bit for bit.',
  }
  for (const field of fields) field.controller.domElement.title = explain[field.name] ?? ''
  return fields
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
