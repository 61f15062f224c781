import { en } from '../../src/words/en/index.ts'
import { say, type Message } from '../../src/words/say.ts'

/** Messages as a reader of English is told them. */
export const spoken = (messages: readonly Message[] = []): string[] => messages.map((message) => say(en, message))
