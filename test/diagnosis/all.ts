/** What the script that measures the diagnosis takes. */
export { createEngine } from '../../src/train/engine.ts'
export { broken } from './broken.ts'
export { healthy } from './healthy.ts'
export { checked, diagnosed } from './measure.ts'
export { plainRun } from './plain.ts'
export { page } from './report.ts'
export { runOn } from './run-on.ts'
