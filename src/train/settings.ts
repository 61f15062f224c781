import { InputError } from '../errors.ts'
import { moments, nesterov } from '../kernels/optimizer.ts'
import type { ModelFile, Optimizer } from '../model/types.ts'
import { checkRunSettings, type RunSettings } from '../model/validate.ts'
import type { Trainer } from './types.ts'

/** The settings with a change applied; refuses numbers that are none and another kind of optimizer, whose state would not fit. */
export function checkSettings(settings: RunSettings, change: Parameters<Trainer['set']>[0]): RunSettings {
  const {
    schedule = settings.schedule,
    warmup = settings.warmup,
    clipNorm = settings.clipNorm,
    perturbation = settings.perturbation,
    ...optimizer
  } = change
  if (optimizer.type !== undefined && optimizer.type !== settings.optimizer.type)
    throw new InputError(`set: the optimizer is ${settings.optimizer.type}, and ${optimizer.type} needs a new trainer`)
  const decaysAll = (of: Partial<Optimizer>) => of.decayBiasAndNorm !== false
  if ('decayBiasAndNorm' in optimizer && decaysAll(optimizer) !== decaysAll(settings.optimizer))
    throw new InputError(`set: decayBiasAndNorm is ${decaysAll(settings.optimizer)}, and ${decaysAll(optimizer)} needs a new trainer`)
  const [now, next] = [settings.optimizer, { ...settings.optimizer, ...optimizer } as Optimizer]
  if (moments(next).length !== moments(now).length)
    throw new InputError(
      `set: the optimizer was made ${moments(now).length ? 'with' : 'without'} momentum, and momentum ${(next as { momentum?: number }).momentum} needs a new trainer`,
    )
  if (nesterov(next) !== nesterov(now)) throw new InputError(`set: nesterov is ${nesterov(now)}, and ${nesterov(next)} needs a new trainer`)
  const whole = { optimizer: next, schedule, warmup, clipNorm, perturbation }
  checkRunSettings(whole, 'set')
  return whole
}

/** The settings that a run begins with. @throws InputError on a perturbation that is none */
export function settingsOf({ optimizer, schedule, warmup, clipNorm }: ModelFile, perturbation = 0): RunSettings {
  const settings = { optimizer, schedule: schedule ?? null, warmup: warmup ?? 0, clipNorm: clipNorm ?? null, perturbation }
  checkRunSettings(settings, 'options')
  return settings
}
