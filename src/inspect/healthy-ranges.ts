/** Between what numbers of a layer lie as long as it learns well: what a table of layers marks stands outside them. */
import { thresholds } from './diagnosis.ts'

export interface HealthyRange {
  least?: number
  most?: number
  /** Who says so. */
  source: string
}

export const healthyRanges = {
  /** ‖∂L/∂weight‖ over that of the last layer. */
  gradientShare: {
    least: thresholds.vanishingShare,
    most: thresholds.explodingShare,
    source: 'AutoTrainer (Zhang et al., ICSE 2021)',
  },
  /** ‖Δw‖ / ‖w‖ of a step; about 10⁻³ is a rule of thumb. */
  updateRatio: { least: 1e-5, most: 1e-1, source: 'DeepDiagnosis (Wardat et al., ICSE 2022)' },
  dead: { most: 0.5, source: 'SageMaker Debugger' },
  saturated: { most: 0.5, source: 'SageMaker Debugger' },
} satisfies Record<string, HealthyRange>

export const isWithin = ({ least = -Infinity, most = Infinity }: HealthyRange, value: number): boolean => value >= least && value <= most
