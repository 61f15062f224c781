import { testGoldens } from './goldens.ts'

testGoldens(['dawn'])
