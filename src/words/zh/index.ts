/** 简体中文。 */
import type { Words } from '../say.ts'
import { answers } from './answers.ts'
import { changes } from './changes.ts'
import { charts } from './charts.ts'
import { checks } from './checks.ts'
import { command } from './command.ts'
import { contest } from './contest.ts'
import { data } from './data.ts'
import { experiments } from './experiments.ts'
import { files } from './files.ts'
import { layerTable } from './layer-table.ts'
import { guide } from './guide.ts'
import { findings } from './findings.ts'
import { findingsList } from './findings-list.ts'
import { layers } from './layers.ts'
import { model } from './model.ts'
import { network } from './network.ts'
import { notes } from './notes.ts'
import { page } from './page.ts'
import { problems } from './problems.ts'
import { rate } from './rate.ts'
import { rules } from './rules.ts'
import { run } from './run.ts'
import { shell } from './shell.ts'
import { stage } from './stage.ts'
import { training } from './training.ts'
import { values } from './values.ts'

export const zh: Words = {
  ...answers,
  ...changes,
  ...charts,
  ...checks,
  ...command,
  ...contest,
  ...data,
  ...experiments,
  ...files,
  ...layerTable,
  ...guide,
  ...findings,
  ...findingsList,
  ...layers,
  ...model,
  ...network,
  ...notes,
  ...page,
  ...problems,
  ...rate,
  ...rules,
  ...run,
  ...shell,
  ...stage,
  ...training,
  ...values,
}
