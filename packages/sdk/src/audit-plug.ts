import { auditEnricher, type AuditProcessorOptions, openAuditLog } from '@agentel/audit'
import type { Enricher } from '@agentel/processor-kit'

/** The enricher that audits; apart, because only who audits loads the package. */
export function auditPlug({ events, ...options }: AuditProcessorOptions): Enricher {
  return auditEnricher({ log: openAuditLog(options), ...(events === undefined ? {} : { events }) })
}
