import type { PanelProps } from '../questions.ts'
import { LayerTable } from './table.tsx'

export function Panel({ page, seen }: PanelProps) {
  return <LayerTable page={page} seen={seen} />
}
