import { wrongAt } from '../errors.ts'
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
    throw needsNew('type', settings.optimizer.type, optimizer.type)
  const decaysAll = (of: Partial<Optimizer>) => of.decayBiasAndNorm !== false
  if ('decayBiasAndNorm' in optimizer && decaysAll(optimizer) !== decaysAll(settings.optimizer))
    throw needsNew('decayBiasAndNorm', decaysAll(settings.optimizer), decaysAll(optimizer))
  const [now, next] = [settings.optimizer, { ...settings.optimizer, ...optimizer } as Optimizer]
  if (moments(next).length !== moments(now).length) {
    const { momentum = 0 } = next as { momentum?: number }
    throw wrongAt('optimizer.momentum', 'set.momentum', { had: moments(now).length > 0, momentum }).of('set')
  }
  if (nesterov(next) !== nesterov(now)) throw needsNew('nesterov', nesterov(now), nesterov(next))
  const whole = { optimizer: next, schedule, warmup, clipNorm, perturbation }
  checkRunSettings(whole, 'set')
  return whole
}

const needsNew = (key: string, now: string | boolean, next: string | boolean) =>
  wrongAt(`optimizer.${key}`, 'set.needsNew', { now: String(now), next: String(next) }).of('set')

/** The settings that a run begins with. @throws InputError on a perturbation that is none */
export function settingsOf({ optimizer, schedule, warmup, clipNorm }: ModelFile, perturbation = 0): RunSettings {
  const settings = { optimizer, schedule: schedule ?? null, warmup: warmup ?? 0, clipNorm: clipNorm ?? null, perturbation }
  checkRunSettings(settings, 'options')
  return settings
}
