import { startAgentel } from './start.ts'

startAgentel()
