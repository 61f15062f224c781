/** Says something; returns the way to take it back. */
export type Tell = (message: string, tone?: 'wrong' | 'done', action?: { text: string; act: () => void }) => () => void
