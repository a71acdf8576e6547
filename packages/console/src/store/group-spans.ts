import { serviceOf } from '../otlp/attributes.ts'
import { decodeMessage } from '../otlp/decode.ts'
import { RESOURCE } from '../otlp/messages.ts'
import type { ScannedScope } from '../otlp/scan-spans.ts'
import type { ScannedSpan } from '../otlp/scanned-span.ts'
import type { Dictionary } from './dictionary.ts'
import type { ScopeTable } from './scope-table.ts'

/** What became of the spans of a body. */
export interface SpanCounts {
  stored: number
  duplicates: number
  invalid: number
}

/** A body that has been read. */
export interface ScannedBody {
  readonly bytes: Buffer
  readonly scopes: readonly ScannedScope[]
  /** Added to by the writer. */
  readonly counts: SpanCounts
}

/** A span with the body that it came in, and the numbers of its scope and service. */
export interface Placed {
  readonly body: ScannedBody
  readonly span: ScannedSpan
  readonly scope: number
  readonly service: number
}

interface ScopeTables {
  readonly dictionary: Dictionary
  readonly scopes: ScopeTable
}

/** Calls back for each span that has valid ids. */
function placeSpans(tables: ScopeTables, body: ScannedBody, take: (placed: Placed) => void): void {
  const { bytes, counts } = body
  for (const s of body.scopes) {
    const resource = bytes.subarray(...s.resource)
    const scope = tables.scopes.id({
      resource,
      scope: bytes.subarray(...s.scope),
      resourceSchema: bytes.subarray(...s.resourceSchema),
      scopeSchema: bytes.subarray(...s.scopeSchema),
    })
    const service = tables.dictionary.id(serviceOf(decodeMessage(RESOURCE, resource)))
    for (const span of s.spans) {
      if (span.traceAt < 0 || span.spanAt < 0) counts.invalid++
      else take({ body, span, scope, service })
    }
  }
}

/** Spans by the bytes of their trace's id: a body usually holds runs of one trace, so the last group is tried first. */
export function groupByTrace(tables: ScopeTables, bodies: readonly ScannedBody[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>()
  for (const body of bodies) {
    const { bytes } = body
    let lastAt = -1
    let last: Placed[] = []
    placeSpans(tables, body, (item) => {
      const at = item.span.traceAt
      if (lastAt < 0 || bytes.compare(bytes, lastAt, lastAt + 16, at, at + 16) !== 0) {
        const key = bytes.toString('latin1', at, at + 16)
        const group = groups.get(key)
        if (group === undefined) groups.set(key, (last = []))
        else last = group
      }
      lastAt = at
      last.push(item)
    })
  }
  return groups
}
