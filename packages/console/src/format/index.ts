export * from './quantity.ts'
export * from './time.ts'
