/** The optimizers that one chooses among: each of the catalogue, and gradient descent with momentum, of both kinds. */
import { optimizerKind, optimizerNames } from '../model/catalogue/optimizers.ts'
import type { Optimizer } from '../model/types.ts'
import { message, type Message } from '../words/say.ts'

export interface Contender {
  id: string
  title: Message
  /** With its own settings, but for the rate. */
  settings: { type: Optimizer['type']; momentum?: number; nesterov?: boolean }
}

/** Sutskever et al. (ICML 2013), and what everybody begins with. */
const momentum = 0.9

const named = (name: string) => message('experiments.named', { name })

export const contenders: readonly Contender[] = optimizerNames.flatMap((type): Contender[] => {
  const plain = { id: type, title: named(optimizerKind({ type }).title), settings: { type } }
  if (type !== 'sgd') return [plain]
  return [
    plain,
    { id: 'momentum', title: message('contest.momentum'), settings: { type, momentum } },
    { id: 'nesterov', title: named('Nesterov'), settings: { type, momentum, nesterov: true } },
  ]
})

/** The contender that an optimizer is, whatever its numbers. */
export function contenderOf(optimizer: Optimizer): Contender {
  const { type, momentum: own = 0, nesterov = false } = { momentum: 0, nesterov: false, ...optimizer }
  const id = type !== 'sgd' ? type : nesterov ? 'nesterov' : own > 0 ? 'momentum' : 'sgd'
  return contenders.find((contender) => contender.id === id)!
}

/** The optimizer that a contender brings to a run: its own settings at a rate, and the run's weight decay. */
export const optimizerOf = ({ settings }: Contender, { weightDecay, decayBiasAndNorm }: Optimizer, learningRate: number): Optimizer =>
  ({
    ...settings,
    learningRate,
    ...(weightDecay !== undefined && { weightDecay }),
    ...(decayBiasAndNorm !== undefined && { decayBiasAndNorm }),
  }) as Optimizer
