import type { PanelProps } from '../questions.ts'
import { FindingsList } from './findings.tsx'
import { LayerTable } from './table.tsx'

export function Panel({ page, seen }: PanelProps) {
  return (
    <>
      <FindingsList page={page} seen={seen} />
      <LayerTable page={page} seen={seen} />
    </>
  )
}
