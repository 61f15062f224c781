/** What the script that measures the diagnosis takes. */
export { createEngine } from '../../src/train/engine.ts'
export { factsOf } from '../../src/answers/findings/facts.ts'
export { findingsFile } from '../../src/answers/findings/file.ts'
export { broken } from './broken.ts'
export { healthy } from './healthy.ts'
export { diagnosed, trained } from './measure.ts'
