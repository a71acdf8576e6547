export { FleetWatch, type Alarm, type Observation } from './watch.ts'
export type { ShiftOptions } from './shift.ts'
