export {
  type AuditEnricherOptions,
  type AuditProcessorOptions,
  auditEnricher,
  auditLogProcessor,
} from './audit-enricher.ts'
export { auditSpanEnricher, auditSpanProcessor } from './audit-span-enricher.ts'
export type { AuditEvent } from './audit-event.ts'
export { type AuditCounts, type AuditHead, type AuditLog, type AuditLogOptions, openAuditLog } from './audit-log.ts'
export { type AuditReader, openAuditReader } from './audit-reader.ts'
export { AuditNotBegunError } from './audit-file.ts'
export type { Forgotten } from './forget-user.ts'
export type { PruneOptions, Pruned } from './prune-rows.ts'
export type { AuditEntry, AuditFilter, AuditSummary } from './query-entries.ts'
export type { TamperFinding, TamperKind, Verification, VerifyOptions } from './verify-chain.ts'
export { type Archived, archiveAuditLog, forgetInArchive, readAuditArchive } from './archive.ts'
