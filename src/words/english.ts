import { en } from './en/index.ts'
import { say, type Message } from './say.ts'

export const inEnglish = (told: Message): string => say(en, told)
