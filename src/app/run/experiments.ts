/** Experiments beside a run: copies of it that differ by a stated change, trained on the same batches in lockstep. */
import { merged, patchBetween, type ModelPatch } from '../../model/patch.ts'
import { wrong } from '../../errors.ts'
import { same } from '../../same.ts'
import { message, type Message } from '../../words/say.ts'
import type { Description } from './state.ts'

export const mostExperiments = 6

export interface Experiment {
  /** What it is called: its change in words. */
  title: Message
  /** A merge patch on the run's model file. */
  change: ModelPatch
}

export interface Experiments {
  /** What the run itself is called beside them, where it has a name. */
  title?: Message
  list: readonly Experiment[]
  /** Which of them the rail edits and the picture shows, whose network and training the description has: 0 the run itself, k the k-th experiment. */
  shown: number
  /** The run itself, where an experiment is shown. */
  run?: ModelPart
}

/** What of a description a model file says. */
type ModelPart = Pick<Description, 'layers' | 'training'>

const flat = ({ layers, training }: ModelPart) => ({ layers, ...training })
type Flat = ReturnType<typeof flat>
const part = ({ layers, ...training }: Flat): ModelPart => ({ layers, training })

/** The run itself, without what is beside it. */
export function runOf(description: Description): Description {
  const { experiments, ...own } = description
  return { ...own, ...experiments?.run }
}

/** A description for each network that trains: the run itself, then its experiments. */
export function descriptionsOf(description: Description): Description[] {
  const run = runOf(description)
  return [run, ...(description.experiments?.list ?? []).map(({ change }) => ({ ...run, ...withChange(run, change) }))]
}

/** Network and training of a description with a change. */
export const withChange = (description: ModelPart, change: ModelPatch): ModelPart => part(merged(flat(description), change))

/** The number of the network that is shown among all that train. */
export const shownOf = ({ experiments }: Pick<Description, 'experiments'>): number => experiments?.shown ?? 0

/** The same with another network to edit and show. */
export function withShown(description: Description, shown: number): Description {
  const { experiments } = description
  const next = descriptionsOf(description)[shown]
  if (!experiments || !next || shown === experiments.shown) return description
  const { title, list } = experiments
  const run = runOf(description)
  return {
    ...next,
    experiments: { ...(title && { title }), list, shown, ...(shown > 0 && { run: { layers: run.layers, training: run.training } }) },
  }
}

/** The same with another experiment beside it. Throws an InputError where there are as many as can be. */
export function withExperiment(description: Description, experiment: Experiment): Description {
  const { experiments = { list: [], shown: 0 } } = description
  if (experiments.list.length >= mostExperiments) throw wrong('experiments.most', { most: mostExperiments })
  return { ...description, experiments: { ...experiments, list: [...experiments.list, experiment] } }
}

/** The same without the k-th experiment, from 1; the run itself is shown where that one was. */
export function withoutExperiment(description: Description, k: number): Description {
  const { experiments } = description
  if (!experiments) return description
  const { title } = experiments
  const list = experiments.list.filter((_, i) => i !== k - 1)
  if (list.length === 0) return runOf(description)
  const isShown = experiments.shown === k
  const shown = isShown ? 0 : experiments.shown - (experiments.shown > k ? 1 : 0)
  const { run } = experiments
  return {
    ...(isShown ? runOf(description) : description),
    experiments: { ...(title && { title }), list, shown, ...(!isShown && run && { run }) },
  }
}

/** The k-th network as the run, with nothing beside it. */
export const adopted = (description: Description, k: number): Description => descriptionsOf(description)[k] ?? description

/**
 * An edit of the network that is shown. What an experiment states is its own; all else is the run's, and changes in it and in every experiment that does not
 * state it.
 */
export function edited(before: Description, after: Description): Description {
  const { experiments } = before
  const k = shownOf(before) - 1
  const shown = experiments?.list[k]
  if (!experiments || !shown) return after
  const [own, next, run] = [flat(before), flat(after), flat(runOf(before))].map((one) => ({ ...one }) as Record<string, unknown>)
  const change: Record<string, unknown> = { ...shown.change }
  for (const key of new Set([...Object.keys(own!), ...Object.keys(next!)])) {
    if (same(own![key], next![key])) continue
    if (!(key in change)) {
      run![key] = next![key]
      continue
    }
    delete change[key]
    Object.assign(change, patchBetween({ [key]: run![key] }, { [key]: next![key] }))
  }
  const list = experiments.list.map((experiment, i) => (i === k ? { ...shown, change: change as ModelPatch } : experiment))
  return { ...after, experiments: { ...experiments, list, run: part(run as Flat) } }
}

/** What all that train are called, the run itself first. */
export const titlesOf = ({ title, list }: Experiments): Message[] => [
  title ?? message('experiments.run'),
  ...list.map((experiment) => experiment.title),
]
