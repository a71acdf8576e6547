import { SEVERITY } from '@agentel/api'
import type { PlugOptions } from './agentel-plugs.ts'
import type { AgentelConfig } from './generated/config-fields.ts'

const LEVELS = { warn: 'WARN', error: 'ERROR', fatal: 'FATAL' } as const

/** The section `audit` as the processors take it. */
export function auditOf({
  retentionDays,
  retentionRows,
  durableFrom,
  ...options
}: AgentelConfig['audit']): Pick<PlugOptions, 'audit'> {
  const { file } = options
  if (file === undefined) return {}
  const days = retentionDays === undefined ? {} : { days: retentionDays }
  const rows = retentionRows === undefined ? {} : { rows: retentionRows }
  const durable = durableFrom === undefined ? {} : { durableFrom: SEVERITY[LEVELS[durableFrom]] }
  return { audit: { ...options, ...durable, file, retention: { ...days, ...rows } } }
}
