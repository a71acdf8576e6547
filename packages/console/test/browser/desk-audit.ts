/** An audit log as an application writes it, and an alert rule that fires on the desk's queue. */
import { writeFileSync } from 'node:fs'
import { openAuditLog } from '@agentel/audit'
import {
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DECISION_OUTCOME,
  ATTR_GEN_AI_TOOL_NAME,
  EVENT_AGENTEL_DECISION,
  EVENT_AGENTEL_TOOL_CALLED,
} from '@agentel/semconv'

/** A page of an archivist's tool calls, twelve of a clerk, then a decision of a judge; the log is closed when it resolves. */
export async function writeDeskAudit(file: string): Promise<void> {
  const audit = openAuditLog({ file })
  for (let n = 1; n <= 100; n++)
    audit.append({
      event: EVENT_AGENTEL_TOOL_CALLED,
      agent: 'archivist',
      attributes: { [ATTR_GEN_AI_TOOL_NAME]: `archive_${n}.` },
    })
  for (let n = 1; n <= 12; n++)
    audit.append({
      event: EVENT_AGENTEL_TOOL_CALLED,
      agent: 'clerk',
      user: n % 2 === 0 ? 'ann' : 'bob',
      attributes: { [ATTR_GEN_AI_TOOL_NAME]: `read_file_${n}` },
    })
  const attributes = { [ATTR_AGENTEL_DECISION_NAME]: 'release', [ATTR_AGENTEL_DECISION_OUTCOME]: 'yes' }
  audit.append({ event: EVENT_AGENTEL_DECISION, agent: 'judge', attributes })
  await audit.flush()
  await audit.close()
}

const RULES = `
rules:
  - name: queue-long
    summary: Work piles up.
    signal: agentel.queue.depth
    aggregation: average
    groupBy: [agentel.queue.name]
    window: 30m
    above: 5
    severity: critical
    runbook: https://example.org/runbooks/queue
`

/** Rules by which both queues of the desk are too long. */
export function writeDeskRules(file: string): void {
  writeFileSync(file, RULES)
}
