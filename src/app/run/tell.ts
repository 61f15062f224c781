import type { Message } from '../../words/say.ts'

/** Says something; returns the way to take it back. */
export type Tell = (told: string | Message, tone?: 'wrong' | 'done', action?: { text: string | Message; act: () => void }) => () => void
