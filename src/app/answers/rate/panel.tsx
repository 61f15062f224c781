import type { PanelProps } from '../questions.ts'

export function Panel(_: PanelProps) {
  return null
}
