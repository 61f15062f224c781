/** The chart cards, in the order in which they stand in the rail. */
import type { Card } from './card.ts'
import { comparison } from './comparison.ts'
import { cost } from './cost.ts'
import { curves } from './curves.ts'
import { histograms } from './histograms.ts'
import { norms } from './norms.ts'
import { prediction } from './prediction.ts'

export const cards: readonly Card[] = [comparison, curves, prediction, norms, histograms, cost]
