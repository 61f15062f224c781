/** What rules and thresholds are called. */
import type { Message, PlainCode } from '../../words/say.ts'
import type { Kind } from './finding.ts'

type ThresholdCode = Extract<PlainCode, `threshold.${string}`>

export const titleOf = (kind: Kind): Message => ({ code: `rule.${kind}`, values: {} })
export const aboutOf = (kind: Kind): Message => ({ code: `rule.${kind}.about`, values: {} })
/** Of a threshold by its name within the rule, or `hits`. */
export const thresholdTitle = (name: string): Message => ({ code: `threshold.${name}` as ThresholdCode, values: {} })
