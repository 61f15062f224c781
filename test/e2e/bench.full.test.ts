import { testMeasuring } from './measure.ts'

testMeasuring(['dawn'])
