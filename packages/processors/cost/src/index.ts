export type { CostEnricherOptions } from './cost-enricher.ts'
export { costEnricher } from './cost-enricher.ts'
