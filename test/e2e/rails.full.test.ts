import { testEveryClick, units } from './rail-clicks.ts'

testEveryClick([
  { field: 'Weight decay', texts: ['0.1', '0'], hold: 350, from: 'here', least: 8 },
  { field: units, texts: ['21', '8'], hold: 20, from: 0, least: 40 },
  { field: 'Layer 2, Conv2d: kernel', texts: ['99', '3'], hold: 350, from: 'here', least: 20 },
])
