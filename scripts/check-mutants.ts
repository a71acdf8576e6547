/** Whether every mutant can be made: tables are read nowhere else until somebody runs them. */
import { join } from 'node:path'
import { findMutants } from './mutants.ts'

const found = await findMutants(join(import.meta.dirname, '..'))
console.log(`${found.length} mutants can be made`)
