/** Chooses a preset; one that trains on the reader's own copy of CIFAR-10 asks for its files first, and goes on once they are there. */
import { takesCifar10 } from '../../data/image-presets.ts'
import { whenLoaded } from '../ui/later.ts'
import type { Services } from '../run/services.ts'
import type { Session } from '../run/session.ts'

/** Whether a preset can begin at once. */
export const isReady = (services: Services, name: string): boolean => !takesCifar10(name) || services.own.cifar10 !== undefined

export function choosePreset(session: Session, services: Services, name: string): void {
  if (isReady(services, name)) void session.choosePreset(name)
  else whenLoaded(import('./ask-for-cifar10.tsx'), ({ askForCifar10 }) => askForCifar10(session, services, name))
}
