export * from '../../src/format/quantity.ts'
