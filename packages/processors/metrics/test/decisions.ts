import { decisionsOf } from '../../../../scripts/mutant-table.ts'

const producer = ['test/metric-producer.test.ts']
const rows = [...producer, 'test/row-store.test.ts']
const inference = ['test/inference.test.ts']
const operations = ['test/operations.test.ts', 'test/span-kinds.test.ts']
const sessions = ['test/session-times.test.ts', 'test/operations.test.ts', 'test/sessions.test.ts']
const task = ['test/task-enricher.test.ts']

/** What these files decide within a function, taken otherwise. */
export const decisions = [
  ...decisionsOf('src/cell.ts', producer, [
    ['value > bounds[index]!', 'value >= bounds[index]!'],
    ['value < cell.min', 'value > cell.min'],
    ['value > cell.max', 'value < cell.max'],
  ]),
  ...decisionsOf('src/cell.ts', inference, [['!Number.isFinite(value)', 'false']]),
  ...decisionsOf(
    'src/row-store.ts',
    [...rows, 'test/span-kinds.test.ts'],
    [
      [
        'if (next === undefined) {\n      if (family.rows.length >= maxRows)',
        'if (next === undefined) {\n      if (false)',
      ],
      ['return found\n  if (family.rows.length >= maxRows)', 'return found\n  if (family.rows.length > maxRows)'],
      ["level !== 'opt_in'", 'true'],
      ["typeof value === 'object'", 'false'],
      ['for (const key of Object.keys(spec.attributes ?? {})) keys.delete(key)', ''],
    ],
  ),
  ...decisionsOf('src/row-store.ts', inference, [
    ['withoutError && key === ATTR_ERROR_TYPE', 'false'],
    ['withoutError ? undefined : valueOf', 'false ? undefined : valueOf'],
  ]),
  ...decisionsOf('src/metric-producer.ts', producer, [
    ['Math.max(row.since, reader.lastTime)', 'row.since'],
    ['Math.max(row.since, reader.lastTime)', 'reader.lastTime'],
    ['reader.lastTime = collection.now', ''],
    ["temporality === 'delta' && instrument !== 'updowncounter'", "temporality === 'delta'"],
    ['change === 0', 'false'],
    ['cell.count === last.count', 'false'],
    ['count - (last.counts[index] ?? 0)', 'count'],
    ['sum: cell.sum - last.value', 'sum: cell.sum'],
    ['count: cell.count - last.count', 'count: cell.count'],
    ['metric.dataPoints.length > 0', 'true'],
    ['(milliseconds % 1000) * 1e6', '(milliseconds % 1000) * 1e3'],
    ["isMonotonic: instrument === 'counter'", 'isMonotonic: true'],
    ["valueType === 'int'", "valueType !== 'int'"],
  ]),
  ...decisionsOf('src/inference.ts', inference, [
    ['operation !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS', 'true'],
    ['inference && !failed', 'inference'],
    ['failed ? store.row(family, attributes) : row', 'row'],
    ["typeof input === 'number'", "typeof input !== 'undefined'"],
    ['if (parts === undefined)', 'if (true)'],
    ['record(row, COST_CATEGORY + index, part)', 'record(row, COST_CATEGORY, part)'],
  ]),
  ...decisionsOf('src/tokens.ts', inference, [
    ['!(tokens > 0)', 'false'],
    ['Math.min(most, tokens)', 'tokens'],
    [' ?? attributes[ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]', ''],
    ['rest -= addPart(row, slot + 1, rest, image)', 'rest -= addPart(row, slot, rest, image)'],
    ['rest -= addPart(row, slot + 2, rest, audio)', 'rest -= addPart(row, slot + 2, total, audio)'],
    ['attributes[ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS]', 'undefined'],
    ['attributes[ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS]', 'undefined'],
    ['first + 4 * each', 'first + 3 * each'],
  ]),
  ...decisionsOf('src/operations.ts', operations, [
    ['kind === SpanKind.SERVER ? mcpServer : mcpClient', 'mcpClient'],
    ['!isMcp || kind === SpanKind.INTERNAL', 'true'],
    ['!isMcp || kind === SpanKind.INTERNAL', '!isMcp'],
    [
      'GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT && kind !== SpanKind.CLIENT',
      'GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT',
    ],
    ['kind === SpanKind.CLIENT || operation !== GEN_AI_OPERATION_NAME_VALUE_PLAN', 'true'],
    ['kind === SpanKind.CLIENT || operation', 'operation'],
  ]),
  ...decisionsOf('src/nesting.ts', operations, [
    ['&& !state.inTool', ''],
    ['&& span.kind !== SpanKind.SERVER', ''],
    [
      'GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT && span.kind !== SpanKind.CLIENT',
      'GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT',
    ],
    ['state.root.agentic ||= agentic', 'state.root.agentic = agentic'],
    ['state.isRoot && state.root.agentic', 'state.isRoot'],
  ]),
  ...decisionsOf('src/span-state.ts', operations, [
    ['parent?.own ?? parent?.enclosing', 'parent?.own'],
    ['parent?.own ?? parent?.enclosing', 'parent?.enclosing ?? parent?.own'],
    ['state.root.spans += 1', 'state.root.spans = 1'],
  ]),
  ...decisionsOf('src/failures.ts', operations, [
    ["type === 'timeout'", 'false'],
    ["type === '429'", 'false'],
    ['kind === SpanKind.CLIENT ?', 'true ?'],
    ['!failed && attempt === 0', '!failed'],
    ['if (failed) errors', 'errors'],
    ['isModelCall(attributes[ATTR_GEN_AI_OPERATION_NAME]) ? attempt : 1', 'attempt'],
  ]),
  ...decisionsOf('src/agentel-spans.ts', operations, [
    ['kind === SpanKind.CONSUMER || ', ''],
    [' || kind === SpanKind.SERVER', ''],
    ['attributes[ATTR_AGENTEL_MESSAGE_TARGET_NAME] !== undefined ||\n      ', ''],
  ]),
  ...decisionsOf('src/sessions.ts', sessions, [
    ['!isIdle && sessions.size <= options.maxSessions', '!isIdle'],
    ["if (!isIdle) countLoss('metrics.sessions', 1)", ''],
    ["if (!isIdle) countLoss('metrics.sessions', 1)", "countLoss('metrics.sessions', 1)"],
    ['sessions.size <= options.maxSessions', 'sessions.size < options.maxSessions'],
    ['now - session.seen >= options.idleTimeout', 'now - session.start >= options.idleTimeout'],
    ['session.seen = now', ''],
    ['Math.min(session.start, activity.start)', 'session.start'],
    ['Math.max(session.last, activity.end)', 'activity.end'],
    ['sessions.delete(key)\n      sessions.set', 'sessions.set'],
    ['id.length <= LONGEST_ID', 'true'],
  ]),
  ...decisionsOf('src/task-enricher.ts', task, [
    ['overlapped: open.size >= MOST', 'overlapped: false'],
    ['other.overlapped = true', ''],
    ['work.overlapped = true', ''],
    ['around?.own ?? around?.enclosing', 'around?.own'],
    ['open.delete(own)', ''],
    ['if (own.priced)', ''],
    ['at.cost += amount', 'at.cost = amount'],
  ]),
]
