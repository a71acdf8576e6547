export * from './generated/attributes.ts'
export * from './generated/events.ts'
export * from './generated/metrics.ts'
export * from './generated/values.ts'
