/** What of an adapter decides which kernels are worth a try. */
import type { Gpu } from '../gpu/device.ts'
import type { Lanes } from './matmulVariants.ts'
import type { AdapterKind, Problem } from './problem.ts'

/** Problems above which a plan's compiling would take longer than many of its steps. */
const crowd = 64

export const adapterKindOf = (gpu: Gpu, problems: readonly Problem[]): AdapterKind => ({
  software: gpu.adapter.software,
  lanes: lanesOf(gpu),
  crowded: new Set(problems.map(({ name }) => name)).size > crowd,
})

export const lanesOf = ({ features, adapter, device }: Gpu): Lanes => ({
  subgroups: features.subgroups,
  size: adapter.subgroupSize,
  workgroupBytes: device.limits.maxComputeWorkgroupStorageSize,
})
