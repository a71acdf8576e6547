import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '@agentel/semconv'
import { openReader, type Reader } from '../src/query/reader.ts'
import { type Body, type IngestReport, openStore, type Store, type StoreOptions } from '../src/store/store.ts'
import { spanId, type SpanSpec, traceRequest } from './otlp-json.ts'

/** A folder for a store's file, and the store run in it. */
export interface StoreFixture {
  readonly file: string
  readonly folder: string
  run<T>(use: (store: Store, read: <R>(query: (reader: Reader) => R) => R) => T, options?: Partial<StoreOptions>): T
  remove(): void
}

export function openStoreFixture(): StoreFixture {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-store-'))
  const file = join(folder, 'console.db')
  const read = <R>(query: (reader: Reader) => R): R => {
    const reader = openReader(file)
    try {
      return query(reader)
    } finally {
      reader.close()
    }
  }
  return {
    file,
    folder,
    run(use, options = {}) {
      const store = openStore({ file, ...options })
      try {
        return use(store, read)
      } finally {
        store.close()
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export function bodyOf(signal: Body['signal'], json: object): Body {
  return { signal, encoding: 'json', bytes: Buffer.from(JSON.stringify(json)) }
}

export function traces(spans: readonly SpanSpec[], service?: string): Body {
  return bodyOf('traces', traceRequest(spans, service))
}

export function settle(store: Store): void {
  while (store.settle(Date.now() + 5000).more);
}

/** No parameters. */
export const NO_QUERY: URLSearchParams = new URLSearchParams()

export const CHAT = {
  [ATTR_GEN_AI_RESPONSE_ID]: 'chatcmpl-7Q',
  [ATTR_GEN_AI_OPERATION_NAME]: 'chat',
  [ATTR_GEN_AI_PROVIDER_NAME]: 'openai',
  [ATTR_GEN_AI_REQUEST_MODEL]: 'gpt-4o',
  [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 1000,
  [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: 100,
  [ATTR_GEN_AI_INPUT_MESSAGES]: JSON.stringify([
    { role: 'user', parts: [{ type: 'text', content: 'Which vector store?\nSay why.' }] },
  ]),
}

export const AGENT = { [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent', [ATTR_GEN_AI_AGENT_NAME]: 'planner' }

export const RUN: readonly SpanSpec[] = [
  {
    spanId: spanId(1),
    name: 'invoke_agent planner',
    duration: 900,
    attributes: { ...AGENT, [ATTR_USER_ID]: 'ada', [ATTR_SESSION_ID]: 's-1' },
  },
  { spanId: spanId(2), parent: spanId(1), name: 'chat gpt-4o', start: 100, duration: 300, kind: 3, attributes: CHAT },
  {
    spanId: spanId(3),
    parent: spanId(1),
    name: 'execute_tool fetch',
    start: 500,
    duration: 200,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
      [ATTR_GEN_AI_TOOL_NAME]: 'fetch',
      [ATTR_ERROR_TYPE]: 'timeout',
    },
    error: 'no answer',
  },
]

export function stored(report: IngestReport): object {
  return report.results[0]!
}
