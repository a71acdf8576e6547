export * from '../../src/format/time.ts'
